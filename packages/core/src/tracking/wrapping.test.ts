import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Session } from '../session/session.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const setUp = () => {
  const observer = createRecordingObserver()
  const tracker = createTracker({ observers: [observer] })
  return { tracker, observer }
}

describe('wrapping', () => {
  it('law 3: twice gives two events, the inner one first, and calls the function once', async () => {
    const { tracker, observer } = setUp()
    let calls = 0
    const inner = tracker.withQueryTracking(async () => ++calls, { operation: 'inner' })
    const outer = tracker.withQueryTracking(inner, { operation: 'outer' })
    expect(await outer()).toBe(1)
    expect(calls).toBe(1)
    expect(observer.queries.map(({ operation }) => operation)).toEqual(['inner', 'outer'])
  })

  it('the same function in two trackers is counted in each', async () => {
    const [one, two] = [setUp(), setUp()]
    const fn = async () => 1
    await one.tracker.withQueryTracking(fn, { operation: 'a' })()
    await two.tracker.withQueryTracking(fn, { operation: 'b' })()
    expect(one.observer.queries.map(({ operation }) => operation)).toEqual(['a'])
    expect(two.observer.queries.map(({ operation }) => operation)).toEqual(['b'])
    expect(one.tracker.operations().map(({ operation }) => operation)).toEqual(['a'])
  })

  it('the option tracker names another tracker, which then does everything', async () => {
    const [one, two] = [setUp(), setUp()]
    await one.tracker.withQueryTracking(async () => 1, { operation: 'q', tracker: two.tracker })()
    const rows = one.tracker.withStreamTracking(
      async function* () {
        yield 1
      },
      { operation: 's', tracker: two.tracker },
    )()
    for await (const _row of rows);
    const database = { transaction: async <Result>(work: (tx: { id: 1 }) => Promise<Result>) => work({ id: 1 }) }
    await one.tracker.withTransactionTracking(async (_tx: { id: 1 }) => 1, { operation: 't', tracker: two.tracker })(
      database,
    )
    expect(one.tracker.snapshot()).toEqual([])
    expect(two.observer.queries.map(({ operation }) => operation)).toEqual(['q', 's'])
    expect(two.observer.transactions.map(({ operation }) => operation)).toEqual(['t'])
  })

  it('a recursive function is counted once per level, each with its own duration', async () => {
    const { tracker, observer } = setUp()
    const countdown: (n: number) => Promise<number> = tracker.withQueryTracking(
      async (n: number): Promise<number> => (n === 0 ? 0 : 1 + (await countdown(n - 1))),
      { operation: 'countdown' },
    )
    expect(await countdown(5)).toBe(5)
    expect(observer.queries).toHaveLength(6)
    expect(tracker.snapshot()).toMatchObject([{ calls: 6, active: 0 }])
  })

  it('calls under way at the same time are active at the same time', async () => {
    const { tracker } = setUp()
    const release: (() => void)[] = []
    const fn = tracker.withQueryTracking(() => new Promise<void>((resolve) => release.push(resolve)), {
      operation: 'op',
    })
    const calls = [fn(), fn(), fn()]
    expect(tracker.snapshot()[0]).toMatchObject({ active: 3, calls: 0 })
    release[0]?.()
    await calls[0]
    expect(tracker.snapshot()[0]).toMatchObject({ active: 2, calls: 1 })
    for (const go of release) go()
    await Promise.all(calls)
    expect(tracker.snapshot()[0]).toMatchObject({ active: 0, calls: 3 })
  })

  it('law 7: on every request shares one tally, and memory stays flat', async () => {
    const { tracker } = setUp()
    tracker.configure({ observers: [] })
    const request = (n: number) =>
      tracker.withQueryTracking(async () => n, { operation: 'per_request', table: 'users', service: 'api' })()
    for (let n = 0; n < 2000; n++) await request(n)
    collect()
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < 50_000; n++) await request(n)
    collect()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000)
    expect(tracker.operations()).toHaveLength(1)
    expect(tracker.snapshot()).toMatchObject([{ calls: 52_000 }])
  })

  it('law 7: a bound Session that is handed on from call to call keeps no chain of the calls that have ended', async () => {
    const { tracker } = setUp()
    tracker.configure({ observers: [] })
    const keep = tracker.withQueryTracking(async (given: Session) => given, { operation: 'keep' })
    let { session } = createRecordingSession()
    for (let n = 0; n < 2000; n++) session = await keep(session)
    collect()
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < 50_000; n++) session = await keep(session)
    collect()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000)
  })

  it('switching off ends what was started before, and starts nothing more', async () => {
    const { tracker, observer } = setUp()
    let release = () => {}
    const fn = tracker.withQueryTracking(() => new Promise<void>((resolve) => (release = resolve)), { operation: 'op' })
    const started = fn()
    tracker.configure({ enabled: false })
    release()
    await started
    const unseen = fn()
    tracker.configure({ enabled: true })
    release()
    await unseen
    expect(observer.queries).toHaveLength(1)
    expect(tracker.snapshot()).toMatchObject([{ calls: 1, active: 0 }])
  })

  it('operations lists what was wrapped, called or not, once per set of labels', () => {
    const { tracker } = setUp()
    const fn = async () => 1
    tracker.withQueryTracking(fn, { operation: 'find', table: 'public.users' })
    tracker.withQueryTracking(fn, { operation: 'find', table: 'public.users' })
    tracker.withQueryTracking(fn, { operation: 'find', service: 'api' })
    tracker.withQueryTracking(fn, { operation: 'find' })
    tracker.withTransactionTracking(fn, { operation: 'find' })
    tracker.configure({ service: 'api' })
    expect(tracker.operations()).toEqual([
      { operation: 'find', table: 'public.users', service: 'api', kind: 'query', sessionHandedOver: false },
      { operation: 'find', service: 'api', kind: 'query', sessionHandedOver: false },
      { operation: 'find', service: 'api', kind: 'transaction', sessionHandedOver: false },
    ])
  })
})
