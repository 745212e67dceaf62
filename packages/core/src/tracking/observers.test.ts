import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Observer } from '../events/observer.ts'
import type { QueryEvent } from '../events/query-event.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'

const hurtful: Readonly<Record<string, Observer['queryEnded']>> = {
  throws: () => {
    throw new Error('observer')
  },
  'throws undefined': () => {
    throw undefined
  },
  rejects: () => Promise.reject(new Error('observer')),
  hangs: () => new Promise(() => {}),
  'mutates the event': (event) => Object.assign(event, { operation: 'changed' }),
  'deletes from the event': (event) => Reflect.deleteProperty(event, 'operation'),
  'returns a thenable that throws': () => ({
    // biome-ignore lint/suspicious/noThenProperty: it is what this is about
    then() {
      throw new Error('observer')
    },
  }),
  'returns a proxy that throws': () =>
    new Proxy(
      {},
      {
        get() {
          throw new Error('observer')
        },
      },
    ),
}

describe.each(Object.entries(hurtful))('law 2: an observer that %s', (name, queryEnded) => {
  it('changes nothing for the caller and the next observer, and what it did is told once', async () => {
    const told: unknown[] = []
    const next = createRecordingObserver()
    const tracker = createTracker({
      observers: [{ queryEnded: queryEnded as () => unknown }, next],
      onMonitorError: (...args) => told.push(args),
    })
    const value = {}
    const error = new Error('of the function')
    const good = tracker.withQueryTracking(async () => value, { operation: 'good' })
    const bad = tracker.withQueryTracking(async () => Promise.reject(error), { operation: 'bad' })
    expect(await good()).toBe(value)
    await expect(bad()).rejects.toBe(error)
    await new Promise(setImmediate)
    expect(next.queries.map(({ operation }) => operation)).toEqual(['good', 'bad'])
    const silent = ['hangs', 'deletes from the event'].includes(name)
    expect(told.map((args) => (args as unknown[])[1])).toEqual(silent ? [] : ['observer', 'observer'])
  })
})

describe('law 2: observers', () => {
  it('are told in the order in which they were configured and added, after the call', async () => {
    const order: string[] = []
    const named = (name: string): Observer => ({ queryEnded: () => order.push(name) })
    const tracker = createTracker({ observers: [named('a'), named('b')] })
    tracker.observe(named('c'))
    await tracker.withQueryTracking(async () => order.push('call'), { operation: 'op' })()
    expect(order).toEqual(['call', 'a', 'b', 'c'])
  })

  it('are called as methods, and may lack the method', async () => {
    const observer = {
      seen: [] as unknown[],
      queryEnded(event: QueryEvent) {
        this.seen.push(event)
      },
    }
    const tracker = createTracker({ observers: [{}, observer] })
    await tracker.withQueryTracking(async () => 1, { operation: 'op' })()
    expect(observer.seen).toHaveLength(1)
  })

  it('can stop themselves and add others while they are told; the others start with the next event', async () => {
    const late = createRecordingObserver()
    const tracker = createTracker()
    let told = 0
    const stop = tracker.observe({
      queryEnded() {
        told++
        stop()
        tracker.observe(late)
      },
    })
    const after = createRecordingObserver()
    tracker.observe(after)
    const fn = tracker.withQueryTracking(async () => 1, { operation: 'op' })
    await fn()
    await fn()
    expect({ told, late: late.queries.length, after: after.queries.length }).toEqual({ told: 1, late: 1, after: 2 })
  })

  it('stop for good, once, also when added twice', async () => {
    const observer = createRecordingObserver()
    const tracker = createTracker()
    const stopFirst = tracker.observe(observer)
    const stopSecond = tracker.observe(observer)
    const fn = tracker.withQueryTracking(async () => 1, { operation: 'op' })
    await fn()
    stopFirst()
    stopFirst()
    await fn()
    stopSecond()
    await fn()
    expect(observer.queries).toHaveLength(3)
  })

  it('configure replaces the configured ones and leaves the added ones', async () => {
    const [first, second, added] = [createRecordingObserver(), createRecordingObserver(), createRecordingObserver()]
    const tracker = createTracker({ observers: [first] })
    tracker.observe(added)
    tracker.configure({ observers: [second] })
    tracker.configure({ slowQueryThresholdMs: 5 })
    await tracker.withQueryTracking(async () => 1, { operation: 'op' })()
    expect([first, second, added].map(({ queries }) => queries.length)).toEqual([0, 1, 1])
  })

  it('are looked up when a function is called, not when it was wrapped', async () => {
    const tracker = createTracker()
    const fn = tracker.withQueryTracking(async () => 1, { operation: 'op' })
    const observer = createRecordingObserver()
    tracker.configure({ observers: [observer] })
    await fn()
    expect(observer.queries).toHaveLength(1)
  })

  it('law 11: calls that an observer makes synchronously are tallied and not reported', async () => {
    const tracker = createTracker()
    const seen: string[] = []
    const audit = tracker.withQueryTracking(async () => 'audited', { operation: 'audit' })
    const failing = tracker.withQueryTracking(async () => Promise.reject(new Error('x')), { operation: 'failing' })
    const pending: Promise<unknown>[] = []
    tracker.observe({
      queryEnded({ operation }) {
        seen.push(operation)
        pending.push(
          audit(),
          failing().catch(() => {}),
        )
      },
    })
    await tracker.withQueryTracking(async () => 1, { operation: 'op' })()
    await Promise.all(pending)
    await new Promise(setImmediate)
    expect(seen).toEqual(['op'])
    const calls = tracker.snapshot().map(({ operation, calls: of, active }) => [operation, of, active])
    expect(calls.sort()).toEqual([
      ['audit', 1, 0],
      ['failing', 1, 0],
      ['op', 1, 0],
    ])
  })

  it('law 11: that holds across trackers, for transactions and streams, and ends with the observer', async () => {
    const observed = createRecordingObserver()
    const other = createTracker({ observers: [observed] })
    const database = { transaction: async <Result>(work: (tx: { id: 1 }) => Promise<Result>) => work({ id: 1 }) }
    const inTransaction = other.withTransactionTracking(async (_tx: { id: 1 }) => 1, { operation: 'tx' })
    const streamed = other.withStreamTracking(
      async function* () {
        yield 1
      },
      { operation: 'stream' },
    )
    const tracker = createTracker()
    const pending: Promise<unknown>[] = []
    tracker.observe({
      queryEnded() {
        const rows = streamed()
        pending.push(
          inTransaction(database),
          rows.next().then(() => rows.next()),
        )
        throw new Error('observer')
      },
    })
    tracker.configure({ onMonitorError: () => {} })
    await tracker.withQueryTracking(async () => 1, { operation: 'op' })()
    await Promise.all(pending)
    expect(observed.queries).toHaveLength(0)
    expect(observed.transactions).toHaveLength(0)
    await inTransaction(database)
    expect(observed.transactions).toHaveLength(1)
    expect(other.snapshot().map(({ calls }) => calls)).toEqual([2, 1])
  })

  it('calls made by an observer later, asynchronously, are reported', async () => {
    const tracker = createTracker()
    const audit = tracker.withQueryTracking(async () => 1, { operation: 'audit' })
    const seen: string[] = []
    let later: Promise<unknown> | undefined
    tracker.observe({
      queryEnded({ operation }) {
        seen.push(operation)
        if (operation === 'op') later = Promise.resolve().then(audit)
      },
    })
    await tracker.withQueryTracking(async () => 1, { operation: 'op' })()
    await later
    expect(seen).toEqual(['op', 'audit'])
  })

  it('with only: slow-or-failed is told of slow, failed and expected calls, and of no others', async () => {
    const observer = createRecordingObserver({ only: 'slow-or-failed' })
    const every = createRecordingObserver()
    const tracker = createTracker({ observers: [observer, every], expectedErrors: ['unique_violation'] })
    const run = (fn: () => Promise<unknown>, operation: string, slowThresholdMs?: number) =>
      tracker.withQueryTracking(fn, { operation, ...(slowThresholdMs === undefined ? {} : { slowThresholdMs }) })()
    await run(async () => 1, 'fast')
    await run(async () => 1, 'slow', 0)
    await run(async () => Promise.reject(new Error('x')), 'failed').catch(() => {})
    await run(async () => Promise.reject({ code: '23505' }), 'expected').catch(() => {})
    expect(observer.queries.map(({ operation }) => operation)).toEqual(['slow', 'failed', 'expected'])
    expect(every.queries).toHaveLength(4)
  })
})
