import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Session } from '../session/session.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const faults: Readonly<Record<string, () => () => number>> = {
  'runs backwards': () => {
    let now = 1e9
    return () => (now -= 1000)
  },
  'gives NaN': () => () => Number.NaN,
  'gives NaN now and then': () => {
    let reads = 0
    return () => (++reads % 3 === 0 ? Number.NaN : reads)
  },
  'jumps to infinity': () => {
    let reads = 0
    return () => (++reads > 1 ? Number.POSITIVE_INFINITY : 0)
  },
}

const numbersOf = (value: unknown): number[] =>
  Object.entries(value as object)
    .filter(([name, given]) => name.endsWith('Ms') && typeof given === 'number')
    .map(([, given]) => given as number)

describe.each(Object.entries(faults))('law 6: with a clock that %s', (_name, fault) => {
  it('no duration is negative or NaN, and none is lost', async () => {
    const told: unknown[] = []
    const observer = createRecordingObserver({ needsStatementText: true })
    const tracker = createTracker({
      clock: { now: fault(), epochMs: () => 0 },
      observers: [observer],
      onMonitorError: (_error, component) => void told.push(component),
    })
    const { session, when } = createRecordingSession({ capabilities: { poolWait: true } })
    when('select', { rows: [1, 2, 3] })
    const query = tracker.withQueryTracking((given: Session) => given.query('select'), { operation: 'q' })
    const failing = tracker.withQueryTracking(() => Promise.reject(new Error('x')), { operation: 'f' })
    const stream = tracker.withStreamTracking((given: Session) => given.stream('select'), { operation: 's' })
    const transaction = tracker.withTransactionTracking(
      async (given) => {
        await given.query('select')
        await query(given)
        await given.query('select')
      },
      { operation: 't' },
    )
    const database = { transaction: async <Result>(work: (tx: { id: 1 }) => Promise<Result>) => work({ id: 1 }) }
    const foreign = tracker.withTransactionTracking(async (_tx: { id: 1 }) => 1, { operation: 'o' })
    for (let round = 0; round < 5; round++) {
      await query(session)
      await failing().catch(() => {})
      for await (const _row of stream(session));
      await transaction(session)
      await foreign(database)
    }
    expect(observer.queries).toHaveLength(20)
    expect(observer.transactions).toHaveLength(10)
    for (const event of [...observer.queries, ...observer.transactions, ...tracker.snapshot()]) {
      for (const ms of numbersOf(event)) {
        expect(ms, JSON.stringify(event)).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThan(Number.POSITIVE_INFINITY)
      }
    }
    expect(tracker.snapshot().map(({ calls, active }) => [calls, active])).toEqual([
      [10, 0],
      [5, 0],
      [5, 0],
      [5, 0],
      [5, 0],
    ])
    expect(told).toContain('number')
    expect(new Set(told).size).toBe(1)
  })
})
