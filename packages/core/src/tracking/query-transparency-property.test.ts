import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import type { Tracker } from '../tracking/tracker.ts'

const seed = Number(process.env.PGTALLY_FUZZ_SEED ?? Date.now() % 2 ** 31)
const runs = Number(process.env.PGTALLY_TRANSPARENCY_RUNS ?? 2000)
const timeoutMs = 10_000 + runs * 5

type Ending =
  | {
      readonly way: 'value' | 'resolve' | 'reject' | 'throw' | 'thenable' | 'late' | 'subclass'
      readonly with: unknown
    }
  | { readonly way: 'nested'; readonly inner: Ending }

class Subclass<Value> extends Promise<Value> {}

const value = fc.oneof(
  fc.anything({ withNullPrototype: true, withMap: true }),
  fc.constantFrom<unknown>(undefined, null, Symbol('s'), Object.freeze(new Error('frozen')), Number.NaN),
)

const { ending } = fc.letrec<{ ending: Ending }>((tie) => ({
  ending: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      way: fc.constantFrom('value', 'resolve', 'reject', 'throw', 'thenable', 'late', 'subclass'),
      with: value,
    }) as fc.Arbitrary<Ending>,
    fc.record({ way: fc.constant('nested'), inner: tie('ending') }) as fc.Arbitrary<Ending>,
  ),
}))

const program = fc.record({
  ending,
  args: fc.array(value, { maxLength: 4 }),
  self: fc.oneof(fc.constant(undefined), fc.object()),
  faults: fc.array(fc.constantFrom('throw', 'reject', 'hang', 'mutate'), { maxLength: 2 }),
})

/** What a caller can see of a call, step by step. */
type Seen = readonly unknown[]

const isThenable = (result: unknown): boolean => typeof (result as { then?: unknown } | null)?.then === 'function'

const look = async (fn: (...args: unknown[]) => unknown, self: unknown, args: readonly unknown[]): Promise<Seen> => {
  let result: unknown
  try {
    result = Reflect.apply(fn, self, args)
  } catch (error) {
    return ['threw', error]
  }
  if (!isThenable(result)) return ['returned', result]
  try {
    return ['resolved', await result]
  } catch (error) {
    return ['rejected', error]
  }
}

const endOf = (end: Ending, wrap: (fn: () => unknown) => () => unknown): unknown => {
  switch (end.way) {
    case 'value':
      return isThenable(end.with) ? undefined : end.with
    case 'resolve':
      return Promise.resolve(end.with)
    case 'reject':
      return Promise.reject(end.with)
    case 'throw':
      throw end.with
    case 'thenable':
      // biome-ignore lint/suspicious/noThenProperty: it is what this is about
      return { then: (resolve: (resolved: unknown) => void) => resolve(end.with) }
    case 'late':
      return new Promise((resolve) => setImmediate(resolve, end.with))
    case 'subclass':
      return Subclass.resolve(end.with)
    case 'nested':
      return wrap(() => endOf(end.inner, wrap))()
  }
}

const observerOf = (fault: string) => ({
  queryEnded(event: object) {
    if (fault === 'throw') throw new Error('observer')
    if (fault === 'reject') return Promise.reject(new Error('observer'))
    if (fault === 'mutate') Object.assign(event, { operation: 'changed' })
    return new Promise(() => {})
  },
})

const modes = [
  ['that is on', { enabled: true }],
  ['that follows async context', { asyncContext: true }],
  ['that is off', { enabled: false }],
] as const

const failures = (tracker: Tracker) =>
  tracker
    .snapshot()
    .flatMap(({ errors }) => Object.values(errors))
    .reduce((sum, count) => sum + count, 0)

describe.each(modes)('law 1: generated programs under a tracker %s', (_mode, options) => {
  const check = async (given: typeof program extends fc.Arbitrary<infer Value> ? Value : never) => {
    const recording = createRecordingObserver()
    const observers = [...given.faults.map(observerOf), recording]
    const tracker = createTracker({ ...options, observers, onMonitorError: () => {} })
    let wrapped = 0
    const wrap = (fn: () => unknown) => {
      wrapped++
      return tracker.withQueryTracking(fn as () => Promise<unknown>, { operation: `op${wrapped}` })
    }
    const calls: unknown[][] = []
    const fnIn = (wrapInner: (fn: () => unknown) => () => unknown) =>
      function (this: unknown, ...args: unknown[]) {
        calls.push([this, ...args])
        return endOf(given.ending, wrapInner)
      }
    const expected = await look(
      fnIn((fn) => fn),
      given.self,
      given.args,
    )
    const seen = await look(wrap(fnIn(wrap)), given.self, given.args)

    expect(seen[0]).toBe(expected[0])
    expect(Object.is(seen[1], expected[1])).toBe(true)
    expect(calls).toHaveLength(2)
    const [bare, tracked] = calls as [unknown[], unknown[]]
    expect(tracked).toHaveLength(bare.length)
    for (const [index, argument] of bare.entries()) expect(Object.is(tracked[index], argument)).toBe(true)

    const counted = 'enabled' in options && !options.enabled ? 0 : wrapped
    expect(tracker.snapshot().reduce((sum, { calls }) => sum + calls, 0)).toBe(counted)
    expect(tracker.snapshot().every(({ active }) => active === 0)).toBe(true)
    expect(recording.queries).toHaveLength(counted)
    expect(failures(tracker)).toBe(expected[0] === 'threw' || expected[0] === 'rejected' ? counted : 0)
  }

  it(
    `look to their caller as if they were not wrapped, and each call is one event (seed ${seed})`,
    () => fc.assert(fc.asyncProperty(program, check), { seed, numRuns: Math.ceil(runs / modes.length) }),
    timeoutMs,
  )
})
