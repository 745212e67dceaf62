import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import type { ExpectedError } from './tracked-function.ts'
import type { TrackerOptions } from './tracker.ts'

const setUp = (options: TrackerOptions = {}) => {
  const clock = createManualClock()
  const observer = createRecordingObserver()
  const tracker = createTracker({ clock, observers: [observer], ...options })
  const lasting = (ms: number) => async () => clock.advance(ms)
  return { clock, observer, tracker, lasting }
}

const database = { transaction: async <Result>(work: (tx: { id: 1 }) => Promise<Result>) => work({ id: 1 }) }

describe('slow', () => {
  it.each([
    [499.999, false],
    [500, true],
    [501, true],
  ])('is at or past the threshold: %d ms of 500', async (ms, slow) => {
    const { tracker, observer, lasting } = setUp()
    await tracker.withQueryTracking(lasting(ms), { operation: 'op' })()
    expect(observer.queries[0]).toMatchObject({ slow, slowThresholdMs: 500 })
    expect(tracker.snapshot()[0]?.slow).toBe(slow ? 1 : 0)
  })

  it('is never with Infinity, and always with 0', async () => {
    const { tracker, observer, lasting } = setUp()
    const year = 365 * 86_400_000
    await tracker.withQueryTracking(lasting(year), { operation: 'a', slowThresholdMs: Number.POSITIVE_INFINITY })()
    await tracker.withQueryTracking(lasting(0), { operation: 'b', slowThresholdMs: 0 })()
    expect(observer.queries.map(({ slow }) => slow)).toEqual([false, true])
  })

  it("is decided by the function's own threshold, else by the tracker's as it is at the end of the call", async () => {
    const { tracker, observer, lasting } = setUp({ slowQueryThresholdMs: 100 })
    const own = tracker.withQueryTracking(lasting(50), { operation: 'own', slowThresholdMs: 10 })
    const shared = tracker.withQueryTracking(lasting(50), { operation: 'shared' })
    await own()
    await shared()
    tracker.configure({ slowQueryThresholdMs: 20 })
    await own()
    await shared()
    await tracker.withQueryTracking(async () => tracker.configure({ slowQueryThresholdMs: 0 }), { operation: 'late' })()
    expect(observer.queries.map(({ slow, slowThresholdMs }) => [slow, slowThresholdMs])).toEqual([
      [true, 10],
      [false, 100],
      [true, 10],
      [true, 20],
      [true, 0],
    ])
  })

  it('has a threshold of its own for transactions', async () => {
    const { tracker, observer, lasting } = setUp()
    const fn = tracker.withTransactionTracking((_tx: { id: 1 }, ms: number) => lasting(ms)(), { operation: 'op' })
    await fn(database, 1999)
    await fn(database, 2000)
    tracker.configure({ slowQueryThresholdMs: 1 })
    await fn(database, 1999)
    tracker.configure({ slowTransactionThresholdMs: 1999 })
    await fn(database, 1999)
    expect(observer.transactions.map(({ slow, slowThresholdMs }) => [slow, slowThresholdMs])).toEqual([
      [false, 2000],
      [true, 2000],
      [false, 2000],
      [true, 1999],
    ])
  })

  it('and failed is one event and is counted as both', async () => {
    const { tracker, observer, clock } = setUp()
    const fn = tracker.withQueryTracking(
      async () => {
        clock.advance(700)
        throw new Error('x')
      },
      { operation: 'op' },
    )
    await fn().catch(() => {})
    expect(observer.queries).toMatchObject([{ outcome: 'error', slow: true, durationMs: 700 }])
    expect(tracker.snapshot()).toMatchObject([{ calls: 1, slow: 1, errors: { application: 1 } }])
  })
})

const failing = (error: unknown) => () => Promise.reject(error)
const unique = { code: '23505' }

describe('expected errors', () => {
  const outcomes = async (ofTracker: ExpectedError[], ofFunction: ExpectedError[] | undefined, error: unknown) => {
    const told: unknown[] = []
    const { tracker, observer } = setUp({ expectedErrors: ofTracker, onMonitorError: (given) => void told.push(given) })
    const options = { operation: 'op', ...(ofFunction === undefined ? {} : { expectedErrors: ofFunction }) }
    await expect(tracker.withQueryTracking(failing(error), options)()).rejects.toBe(error)
    const transaction = tracker.withTransactionTracking((_tx: { id: 1 }) => failing(error)(), options)
    await expect(transaction(database)).rejects.toBe(error)
    expect(observer.transactions[0]?.outcome).toBe('rolled_back')
    const [query, of] = tracker.snapshot()
    expect(query?.expectedErrors).toBe(of?.expectedErrors)
    expect(query?.errors).toEqual(of?.errors)
    return { outcome: observer.queries[0]?.outcome, expected: observer.transactions[0]?.expected, query, told }
  }

  it.each<[string, ExpectedError[], ExpectedError[] | undefined]>([
    ['a kind on the function', [], ['unique_violation']],
    ['a kind on the tracker', ['unique_violation'], undefined],
    ['a kind on the tracker, where the function has others', ['unique_violation'], ['deadlock']],
    ['a predicate', [], [(error) => error === unique]],
    ['the second of several', [], [() => false, 'deadlock', (error) => error === unique]],
  ])('are named by %s', async (_case, ofTracker, ofFunction) => {
    const { outcome, expected, query } = await outcomes(ofTracker, ofFunction, unique)
    expect({ outcome, expected }).toEqual({ outcome: 'expected_error', expected: true })
    expect(query).toMatchObject({ calls: 1, errors: {}, expectedErrors: 1 })
  })

  it.each<[string, ExpectedError[]]>([
    ['another kind', ['deadlock']],
    ['a predicate that says no', [() => false]],
    ['a predicate that says anything but true', [(() => 'yes') as never]],
    ['an empty list', []],
  ])('are not meant by %s', async (_case, ofFunction) => {
    const { outcome, expected, query } = await outcomes([], ofFunction, unique)
    expect({ outcome, expected }).toEqual({ outcome: 'error', expected: false })
    expect(query).toMatchObject({ errors: { unique_violation: 1 }, expectedErrors: 0 })
  })

  it('law 2: a predicate that throws counts as no, is told, and the next one is asked', async () => {
    const failure = new Error('predicate')
    const throwing = () => {
      throw failure
    }
    const alone = await outcomes([throwing], undefined, unique)
    expect(alone).toMatchObject({ outcome: 'error', expected: false, told: [failure, failure] })
    const before = await outcomes([], [throwing, 'unique_violation'], unique)
    expect(before).toMatchObject({ outcome: 'expected_error', expected: true })
  })

  it('can be changed by configure, which replaces the list', async () => {
    const { tracker, observer } = setUp({ expectedErrors: ['unique_violation'] })
    const fn = tracker.withQueryTracking(failing(unique), { operation: 'op' })
    await fn().catch(() => {})
    tracker.configure({ expectedErrors: ['deadlock'] })
    await fn().catch(() => {})
    expect(observer.queries.map(({ outcome }) => outcome)).toEqual(['expected_error', 'error'])
  })

  it('and unexpected ones of one kind are told apart under one name', async () => {
    const { tracker } = setUp()
    const work = (_tx: { id: 1 }) => failing(unique)()
    for (const expectedErrors of [['unique_violation'], []] as const) {
      await tracker
        .withTransactionTracking(work, { operation: 'tx', expectedErrors })(database)
        .catch(() => {})
      await tracker
        .withQueryTracking(failing(unique), { operation: 'q', expectedErrors })()
        .catch(() => {})
    }
    const both = { calls: 2, expectedErrors: 1, errors: { unique_violation: 1 } }
    expect(tracker.snapshot()).toMatchObject([
      { kind: 'transaction', ...both },
      { kind: 'query', ...both },
    ])
  })
})
