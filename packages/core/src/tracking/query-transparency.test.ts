import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

type AnyFunction = (this: unknown, ...args: any[]) => any

/** The same laws for a tracker that observes, one that only tallies, and one that is switched off. */
const trackers = {
  'a tracker that observes': () => createTracker({ observers: [{ queryEnded() {} }] }),
  'a tracker that tallies': () => createTracker(),
  'a disabled tracker': () => createTracker({ enabled: false }),
  'a tracker with asyncContext': () => createTracker({ asyncContext: true }),
}

const hostileProxy = (): object => {
  const fail = () => {
    throw new Error('trap')
  }
  return new Proxy({}, { get: fail, getPrototypeOf: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail })
}

const thrownValues: readonly (readonly [string, unknown])[] = [
  ['an error', new Error('broken')],
  ['undefined', undefined],
  ['null', null],
  ['a string', 'broken'],
  ['NaN', Number.NaN],
  ['a symbol', Symbol('broken')],
  ['a function', () => 1],
  ['a frozen error', Object.freeze(new Error('frozen'))],
  ['an object without prototype', Object.create(null)],
  ['a hostile proxy', hostileProxy()],
]

const caught = async (run: () => unknown): Promise<unknown[]> => {
  try {
    await run()
  } catch (error) {
    return [error]
  }
  return []
}

describe.each(Object.entries(trackers))('law 1: under %s', (_name, make) => {
  const wrap = (fn: AnyFunction): AnyFunction =>
    make().withQueryTracking(fn as () => Promise<unknown>, { operation: 'op' }) as AnyFunction

  it.each([
    ['an object', { id: 1 }],
    ['an array subclass', new (class Rows extends Array {})()],
    ['a frozen object', Object.freeze({})],
    ['a symbol', Symbol('s')],
    ['undefined', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['-0', -0],
  ])('the promise resolves to the very value: %s', async (_kind, value) => {
    const fn = wrap(async () => value)
    expect(Object.is(await fn(), value)).toBe(true)
  })

  it.each(thrownValues)('the promise rejects with the very value: %s', async (_kind, error) => {
    const [rejected] = await caught(wrap(() => Promise.reject(error)))
    expect(Object.is(rejected, error)).toBe(true)
  })

  it.each(thrownValues)('a synchronous throw stays synchronous and the very value: %s', (_kind, error) => {
    const fn = wrap(() => {
      throw error
    })
    let thrown: unknown[] = []
    try {
      fn()
    } catch (value) {
      thrown = [value]
    }
    expect(thrown).toHaveLength(1)
    expect(Object.is(thrown[0], error)).toBe(true)
  })

  it('this, the arguments and their number arrive, and the function is called once, at the call', async () => {
    const calls: unknown[][] = []
    const fn = wrap(function (this: unknown, ..._args: unknown[]) {
      calls.push([this, arguments.length, ...arguments])
      return Promise.resolve()
    })
    const self = { fn }
    self.fn()
    self.fn(undefined)
    self.fn(1, undefined, 'three', undefined)
    expect(calls).toEqual([
      [self, 0],
      [self, 1, undefined],
      [self, 4, 1, undefined, 'three', undefined],
    ])
    expect(calls[0]?.[0]).toBe(self)
  })

  it('after a Session too: this, the number of arguments and the rest', async () => {
    const { session } = createRecordingSession()
    const fn = wrap(async function (this: unknown, given: unknown, ...rest: unknown[]) {
      return { self: this, type: typeof (given as { query: unknown }).query, rest, count: arguments.length }
    })
    const self = { fn }
    const seen = await self.fn(session, 2, undefined)
    expect(seen.self).toBe(self)
    expect(seen).toMatchObject({ type: 'function', rest: [2, undefined], count: 3 })
    expect(await self.fn(session)).toMatchObject({ rest: [], count: 1 })
  })

  it('default parameters apply where the argument is missing or undefined, and only there', async () => {
    const fn = wrap(async (first = 'one', second = 'two') => [first, second])
    expect(await fn()).toEqual(['one', 'two'])
    expect(await fn(undefined, 2)).toEqual(['one', 2])
    expect(await fn(null)).toEqual([null, 'two'])
  })

  it.each([
    ['a number', 7],
    ['null', null],
    ['undefined', undefined],
    ['an object', {}],
    ['an object whose then is no function', JSON.parse('{"then":"later"}')],
    ['a generator', (async function* () {})()],
  ])('what is no promise comes back as it is: %s', (_kind, value) => {
    expect(wrap(() => value)()).toBe(value)
  })

  it('a thenable is subscribed to exactly once, and comes back as a plain promise', async () => {
    let thens = 0
    let reads = 0
    const thenable = {
      // biome-ignore lint/suspicious/noThenProperty: it is what this is about
      get then() {
        reads++
        return (resolve: (value: string) => void) => {
          thens++
          resolve('row')
        }
      },
    }
    const result = wrap(() => thenable)()
    expect(Object.getPrototypeOf(result)).toBe(Promise.prototype)
    await result
    expect(await result).toBe('row')
    expect({ thens, reads }).toEqual({ thens: 1, reads: 1 })
  })

  it.each([
    ['whose then throws', { thenThrows: true }],
    ['whose then cannot be read', { getThrows: true }],
    ['that is a proxy which refuses everything', { proxy: true }],
  ])('a thenable %s rejects with that error, as an await of it does', async (_kind, form) => {
    const error = new Error('hostile')
    const fail = () => {
      throw error
    }
    const thenable = () => {
      if ('proxy' in form) return new Proxy({}, { get: fail, getPrototypeOf: fail })
      // biome-ignore lint/suspicious/noThenProperty: it is what this is about
      if ('thenThrows' in form) return { then: fail }
      return Object.defineProperty({}, 'then', { get: fail })
    }
    const result = wrap(thenable)()
    expect(await caught(() => result)).toEqual([error])
  })

  it('an object that lies about its prototype is passed on like any other value', () => {
    const lying = new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error('trap')
        },
      },
    )
    expect(wrap(() => lying)()).toBe(lying)
  })
})
