import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'

const tracker = createTracker()

const wrappers = {
  withQueryTracking: (fn: (...args: any[]) => unknown) =>
    tracker.withQueryTracking(fn as () => Promise<unknown>, { operation: 'op' }),
  withTransactionTracking: (fn: (...args: any[]) => unknown) =>
    tracker.withTransactionTracking(fn as () => Promise<unknown>, { operation: 'op' }),
  withStreamTracking: (fn: (...args: any[]) => unknown) =>
    tracker.withStreamTracking(fn as () => AsyncIterable<unknown>, { operation: 'op' }),
}

describe.each(Object.entries(wrappers))('law 1: %s keeps', (_name, wrap) => {
  it('name and length, also of functions with defaults and rest parameters', () => {
    async function findUser(_a: unknown, _b: unknown, _c: unknown) {}
    const seen = ({ name, length }: { readonly name: string; readonly length: number }) => [name, length]
    expect(seen(wrap(findUser))).toEqual(['findUser', 3])
    expect(seen(wrap(async (_a: unknown, _b = 1) => {}))).toEqual(['', 1])
    expect(seen(wrap(async (..._all: unknown[]) => {}))).toEqual(['', 0])
    expect(seen(wrap(findUser.bind(null, 1)))).toEqual(['bound findUser', 2])
  })

  it('name and length as little writable and enumerable as a function has them', () => {
    const of = wrap(async (_a: unknown) => {})
    expect(Object.getOwnPropertyDescriptor(of, 'name')).toMatchObject({ writable: false, enumerable: false })
    expect(Object.getOwnPropertyDescriptor(of, 'length')).toMatchObject({ writable: false, enumerable: false })
  })

  it('own properties: values, symbols, accessors and what is not enumerable', () => {
    const key = Symbol('metadata')
    let reads = 0
    const fn = Object.assign(async () => {}, { displayName: 'shown', [key]: { roles: ['admin'] } })
    Object.defineProperty(fn, 'hidden', { value: 1 })
    Object.defineProperty(fn, 'computed', { get: () => ++reads, configurable: true, enumerable: true })
    const of = wrap(fn) as unknown as typeof fn & { hidden: number; computed: number }
    expect(reads).toBe(0)
    expect(of.displayName).toBe('shown')
    expect(of[key]).toBe(fn[key])
    expect(of.hidden).toBe(1)
    expect([of.computed, of.computed]).toEqual([1, 2])
    expect(Object.keys(of)).toEqual(Object.keys(fn))
    expect(Object.getOwnPropertyDescriptor(of, 'computed')).toEqual(Object.getOwnPropertyDescriptor(fn, 'computed'))
  })

  it('what a frozen function has, and leaves the function itself alone', () => {
    const fn = Object.freeze(Object.assign(async () => {}, { tag: 'frozen' }))
    const of = wrap(fn) as unknown as typeof fn
    expect(of.tag).toBe('frozen')
    expect(of).not.toBe(fn)
    expect(Reflect.ownKeys(fn).sort()).toEqual(['length', 'name', 'tag'])
  })

  it('a property called __proto__ as a property', () => {
    const fn = Object.defineProperty(async () => {}, '__proto__', { value: { polluted: true }, enumerable: true })
    const of = wrap(fn)
    expect(Object.getPrototypeOf(of)).toBe(Function.prototype)
    expect(Object.hasOwn(of, '__proto__')).toBe(true)
  })
})
