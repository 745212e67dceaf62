import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Tracker, TrackerOptions } from '../tracking/tracker.ts'
import {
  countBounds,
  countSum,
  createCountHistogram,
  firstBucket,
  greatestCount,
  leastCount,
  recordCount,
  resetCounts,
} from './count-histogram.ts'
import { createLabelGate } from './label-gate.ts'

const setUp = (options: TrackerOptions = {}) => {
  const told: unknown[][] = []
  const tracker = createTracker({ ...options, onMonitorError: (...args) => void told.push(args) })
  return { tracker, told }
}

const call = (tracker: Tracker, operation: string, more: { table?: string; service?: string } = {}) =>
  tracker.withQueryTracking(async () => 1, { operation, ...more })()

const shown = (tracker: Tracker) =>
  tracker.snapshot().map(({ operation, table, service, calls }) => [operation, table, service, calls])

describe('law 7: seriesLimit', () => {
  it('folds labels past it into other, with exact totals, and says so once', async () => {
    const { tracker, told } = setUp({ seriesLimit: 3 })
    for (const round of [1, 2]) for (let n = 0; n < 10; n++) await call(tracker, `op${n}`, { table: `t${round}` })
    expect(shown(tracker)).toEqual([
      ['op0', 't1', undefined, 1],
      ['op1', 't1', undefined, 1],
      ['op2', 't1', undefined, 1],
      ['other', 'other', 'other', 17],
    ])
    expect(told).toEqual([[expect.objectContaining({ message: expect.stringMatching(/seriesLimit/) }), 'label']])
  })

  it('counts a set of labels once, however often it is wrapped and as whatever kind', async () => {
    const { tracker, told } = setUp({ seriesLimit: 2 })
    for (let n = 0; n < 20; n++) await call(tracker, `op${n % 2}`)
    for (let n = 0; n < 20; n++) tracker.withTransactionTracking(async () => 1, { operation: `op${n % 2}` })
    expect(told).toEqual([])
    expect(tracker.operations()).toHaveLength(4)
    tracker.withTransactionTracking(async () => 1, { operation: 'third' })
    expect(tracker.operations().at(-1)).toEqual({
      operation: 'other',
      service: 'other',
      kind: 'transaction',
      sessionHandedOver: false,
    })
  })

  it('holds for operations that are themselves called other', async () => {
    const { tracker } = setUp({ seriesLimit: 5 })
    for (let n = 0; n < 100; n++) await call(tracker, 'other', { table: `t${n}`, service: `s${n}` })
    expect(tracker.snapshot()).toHaveLength(6)
    expect(tracker.snapshot().reduce((sum, { calls }) => sum + calls, 0)).toBe(100)
  })

  it('can be raised later, for what is wrapped from then on', async () => {
    const { tracker } = setUp({ seriesLimit: 1 })
    await call(tracker, 'a')
    await call(tracker, 'b')
    tracker.configure({ seriesLimit: 2 })
    await call(tracker, 'c')
    expect(shown(tracker).map(([operation]) => operation)).toEqual(['a', 'other', 'c'])
  })

  it('still refuses a bad label past it', () => {
    const { tracker } = setUp({ seriesLimit: 1 })
    tracker.withQueryTracking(async () => 1, { operation: 'a' })
    expect(() => tracker.withQueryTracking(async () => 1, { operation: 'a b' })).toThrow(/operation: got "a b"/)
  })

  it('is 1000 if nothing is said', () => {
    const { tracker, told } = setUp()
    for (let n = 0; n < 1000; n++) tracker.withQueryTracking(async () => 1, { operation: `op${n}` })
    expect(told).toEqual([])
    tracker.withQueryTracking(async () => 1, { operation: 'one_more' })
    expect(tracker.operations().at(-1)?.operation).toBe('other')
  })
})

describe('a snapshot', () => {
  it("merges what has the same labels once the tracker's service is known", async () => {
    const { tracker } = setUp()
    await call(tracker, 'find', { service: 'api' })
    await call(tracker, 'find')
    await call(tracker, 'find', { service: 'jobs' })
    expect(shown(tracker)).toHaveLength(3)
    tracker.configure({ service: 'api' })
    await call(tracker, 'find')
    expect(shown(tracker)).toEqual([
      ['find', undefined, 'api', 3],
      ['find', undefined, 'jobs', 1],
    ])
  })

  it('tells queries and transactions of one name apart, and has every number of a call', async () => {
    let now = 0
    const { tracker } = setUp({ clock: { now: () => now, epochMs: () => 0 }, slowQueryThresholdMs: 100 })
    const fn = tracker.withQueryTracking(
      async (ms: number, error?: object) => {
        now += ms
        if (error !== undefined) throw error
      },
      { operation: 'op' },
    )
    for (const ms of [10, 20, 30]) await fn(ms)
    await fn(200, { code: '23505' }).catch(() => {})
    const database = { transaction: async <Result>(work: (tx: { id: 1 }) => Promise<Result>) => work({ id: 1 }) }
    await tracker.withTransactionTracking(async (_tx: { id: 1 }) => 1, { operation: 'op' })(database)
    const [query, transaction] = tracker.snapshot()
    expect(query).toEqual({
      operation: 'op',
      kind: 'query',
      calls: 4,
      errors: { unique_violation: 1 },
      expectedErrors: 0,
      slow: 1,
      active: 0,
      totalMs: 260,
      p50Ms: expect.closeTo(20, 0),
      p95Ms: expect.any(Number),
      p99Ms: expect.any(Number),
      maxMs: 200,
    })
    expect(Math.abs((query?.p95Ms as number) / 200 - 1)).toBeLessThanOrEqual(0.06)
    expect(transaction).toMatchObject({ operation: 'op', kind: 'transaction', calls: 1, maxMs: 0 })
  })

  it('is a copy: what is done to it changes nothing', async () => {
    const { tracker } = setUp()
    await call(tracker, 'op')
    Object.assign(tracker.snapshot()[0] as object, { calls: 99 })
    tracker.snapshot().length = 0
    expect(shown(tracker)).toEqual([['op', undefined, undefined, 1]])
  })
})

describe('law 7: the gate of an open-ended label', () => {
  it('lets 100 through, then says other for new ones only', () => {
    const gate = createLabelGate(100)
    for (let n = 0; n < 100; n++) expect(gate.label(`S${n}`)).toBe(`S${n}`)
    expect(gate.label('S100')).toBe('other')
    expect(gate.label('S99')).toBe('S99')
    expect(gate.label(undefined)).toBeUndefined()
    gate.reset()
    expect(gate.label('S100')).toBe('S100')
  })
})

describe('a histogram of counts', () => {
  it('counts a bound at or below it, the rest above, and starts anew when reset', () => {
    const histogram = createCountHistogram()
    for (const count of [0, 1, 2, 3, 500, 501, 1e6]) recordCount(histogram, count)
    expect([...histogram.subarray(firstBucket)]).toEqual([2, 1, 1, 0, 0, 0, 0, 0, 1, 2])
    expect(histogram).toHaveLength(firstBucket + countBounds.length + 1)
    expect([histogram[countSum], histogram[leastCount], histogram[greatestCount]]).toEqual([1_001_007, 0, 1e6])
    resetCounts(histogram)
    expect([histogram[countSum], histogram[leastCount], histogram[greatestCount]]).toEqual([
      0,
      Number.POSITIVE_INFINITY,
      0,
    ])
    expect(histogram.subarray(firstBucket).every((count) => count === 0)).toBe(true)
  })
})
