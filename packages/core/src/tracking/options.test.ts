import { afterEach, describe, expect, it } from 'vitest'
import { configureTracking, createTracker, tracking } from '../default-tracking.ts'
import { resetTracking } from '../testing/reset-tracking.ts'

const fn = async () => 1
const rows = async function* () {}
const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION', message: expect.stringMatching(message) })

/** Option, what is given, how the message shows it, what is allowed. */
type Case = readonly [option: string, given: unknown, shown: string, allowed: RegExp]

const label = /letter or _.*63/
const threshold = /milliseconds from 0 to Infinity/

const ofEveryFunction: readonly Case[] = [
  ['operation', undefined, 'undefined', label],
  ['operation', '', '""', label],
  ['operation', 'with space', '"with space"', label],
  ['operation', ' lead', '" lead"', label],
  ['operation', '1st', '"1st"', label],
  ['operation', 'a'.repeat(65), `"${'a'.repeat(65)}"`, label],
  ['operation', 'line\n', '"line\\n"', label],
  ['operation', 'emoji_🐘', '"emoji_🐘"', label],
  ['operation', 'ümlaut', '"ümlaut"', label],
  ['operation', 7, '7', label],
  ['operation', ['find_user'], 'an array', label],
  ['service', '', '""', label],
  ['service', null, 'null', label],
  ['slowThresholdMs', -1, '-1', threshold],
  ['slowThresholdMs', Number.NaN, 'NaN', threshold],
  ['slowThresholdMs', '500', '"500"', threshold],
  ['slowThresholdMs', null, 'null', threshold],
  ['expectedErrors', 'unique_violation', '"unique_violation"', /an array of error kinds and predicates/],
  [
    'expectedErrors',
    ['unique_violation', 'uniqe_violation'],
    '"uniqe_violation"',
    /error kind such as .* or a predicate/,
  ],
  ['expectedErrors', [undefined], 'undefined', /error kind/],
  ['tracker', {}, 'a value of type object', /createTracker/],
  ['tracker', null, 'null', /createTracker/],
]

const ofQueries: readonly Case[] = [
  ['table', '', '""', label],
  ['table', 'public users', '"public users"', label],
  ['rowCount', 3, '3', /a function/],
]

const ofTransactions: readonly Case[] = [
  ['transact', 'begin', '"begin"', /a function/],
  ['isolationLevel', 'serialisable', '"serialisable"', /'read committed', 'repeatable read', 'serializable'/],
  ['isolationLevel', 1, 'number', /'serializable'/],
  ['readOnly', 'yes', '"yes"', /true, false/],
  ['deferrable', null, 'null', /true, false/],
]

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const messageOf = ([option, , shown, allowed]: Case) =>
  new RegExp(`^${option}: got ${escaped(shown)}\\. Allowed is .*${allowed.source}`, 's')

describe('a bad option of a wrapped function throws at once: which, what was given, what is allowed', () => {
  const tracker = createTracker()

  it.each([...ofEveryFunction, ...ofQueries])('withQueryTracking: %s = %j', (...[option, given, ...rest]) => {
    const options = { operation: 'op', [option]: given }
    expect(() => tracker.withQueryTracking(fn, options as never)).toThrow(invalid(messageOf([option, given, ...rest])))
  })

  it.each([...ofEveryFunction, ...ofQueries])('withStreamTracking: %s = %j', (...[option, given, ...rest]) => {
    const options = { operation: 'op', [option]: given }
    expect(() => tracker.withStreamTracking(rows, options as never)).toThrow(
      invalid(messageOf([option, given, ...rest])),
    )
  })

  it.each([...ofEveryFunction, ...ofTransactions])(
    'withTransactionTracking: %s = %j',
    (...[option, given, ...rest]) => {
      const options = { operation: 'op', [option]: given }
      expect(() => tracker.withTransactionTracking(fn, options as never)).toThrow(
        invalid(messageOf([option, given, ...rest])),
      )
    },
  )

  const wraps = [tracker.withQueryTracking, tracker.withStreamTracking, tracker.withTransactionTracking] as readonly ((
    fn: never,
    options: never,
  ) => unknown)[]

  it.each([['slowThreshold'], ['name'], ['constructor_'], ['isolation']])('an option nobody knows: %s', (option) => {
    for (const wrap of wraps) {
      const options = { operation: 'op', [option]: 1 }
      expect(() => wrap(fn as never, options as never)).toThrow(invalid(new RegExp(`"${option}".*operation, service`)))
    }
  })

  it('an option that belongs to another function', () => {
    expect(() => tracker.withQueryTracking(fn, { operation: 'op', readOnly: true } as never)).toThrow(
      invalid(/"readOnly"/),
    )
    const table = { operation: 'op', table: 'users' }
    expect(() => tracker.withTransactionTracking(fn, table as never)).toThrow(invalid(/"table"/))
  })

  it.each([[undefined], [null], ['op'], [7]])('no options: %s', (options) => {
    for (const wrap of wraps) expect(() => wrap(fn as never, options as never)).toThrow(invalid(/options: got/))
  })

  it.each([[undefined], [null], [{}], ['fn']])('no function: %s', (given) => {
    for (const wrap of wraps) {
      expect(() => wrap(given as never, { operation: 'op' } as never)).toThrow(
        invalid(/the wrapped function: got .* a function/),
      )
    }
  })

  it('wraps and counts nothing', () => {
    expect(tracker.operations()).toEqual([])
  })
})

describe('labels', () => {
  it.each([
    ['public.users'],
    ['_'],
    ['a'.repeat(64)],
    ['Find-User:v2.1'],
    ['__proto__'],
    ['constructor'],
    ['toString'],
  ])('may be %s, in all three places, and pollute nothing', async (name) => {
    const tracker = createTracker({ service: name })
    await tracker.withQueryTracking(fn, { operation: name, table: name, service: name })()
    await tracker
      .withQueryTracking(() => Promise.reject({ code: name }), { operation: name, table: name })()
      .catch(() => {})
    expect(tracker.snapshot()).toMatchObject([{ operation: name, table: name, service: name, calls: 2 }])
    expect(tracker.snapshot()[0]?.errors).toEqual({ application: 1 })
    expect(tracker.operations()).toHaveLength(1)
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as { calls?: unknown }).calls).toBeUndefined()
  })
})

const ofTrackers: readonly Case[] = [
  ['enabled', 'yes', '"yes"', /true or false/],
  ['service', 'two words', '"two words"', label],
  ['slowQueryThresholdMs', Number.NaN, 'NaN', threshold],
  ['slowTransactionThresholdMs', -0.1, '-0.1', threshold],
  ['idleTransactionWarningMs', '1', '"1"', threshold],
  ['expectedErrors', ['nonsense'], '"nonsense"', /error kind/],
  ['seriesLimit', 0, '0', /a whole number from 1/],
  ['seriesLimit', 1.5, '1.5', /a whole number from 1/],
  ['seriesLimit', Number.POSITIVE_INFINITY, 'Infinity', /a whole number from 1/],
  ['asyncContext', 1, '1', /true or false/],
  ['onMonitorError', 'log', '"log"', /a function/],
  ['observers', {}, 'a value of type object', /an array of observers/],
]

describe('a bad option of a tracker', () => {
  afterEach(resetTracking)

  it.each(ofTrackers)(
    'throws in createTracker, configure and configureTracking: %s = %j',
    (...[option, given, ...rest]) => {
      const message = invalid(messageOf([option, given, ...rest]))
      const options = { [option]: given } as never
      expect(() => createTracker(options)).toThrow(message)
      expect(() => createTracker().configure(options)).toThrow(message)
      expect(() => configureTracking(options)).toThrow(message)
    },
  )

  it('is one that nobody knows, and a clock after the start', () => {
    expect(() => createTracker({ slowThresholdMs: 1 } as never)).toThrow(
      invalid(/"slowThresholdMs".*slowQueryThresholdMs/),
    )
    expect(() => createTracker().configure({ clock: {} } as never)).toThrow(invalid(/"clock"/))
    expect(() => createTracker({ clock: { now: 1 } } as never)).toThrow(invalid(/clock\.now: got 1/))
    for (const options of [null, 'on', 7]) expect(() => tracking.configure(options as never)).toThrow(invalid(/got/))
  })

  it('is an observer that is none', () => {
    const refuse = (observer: unknown, message: RegExp) => {
      expect(() => createTracker({ observers: [observer] } as never)).toThrow(invalid(message))
      expect(() => createTracker().observe(observer as never)).toThrow(invalid(message))
    }
    refuse(undefined, /an object with queryEnded/)
    refuse('observer', /an object with queryEnded/)
    refuse({ only: 'slow' }, /only: got "slow"\. Allowed is 'slow-or-failed'/)
    refuse({ queryEnded: 1 }, /queryEnded: got 1\. Allowed is a function/)
  })

  it('changes nothing, the good options beside it included', async () => {
    const seen: string[] = []
    const tracker = createTracker({
      observers: [{ queryEnded: ({ service }) => seen.push(`${service}`) }],
      service: 'old',
    })
    const bad = { service: 'new', enabled: false, observers: [], slowQueryThresholdMs: 0, onMonitorError: 1 }
    expect(() => tracker.configure(bad as never)).toThrow(invalid(/onMonitorError/))
    await tracker.withQueryTracking(fn, { operation: 'op' })()
    expect(seen).toEqual(['old'])
    expect(tracker.snapshot()[0]).toMatchObject({ calls: 1, slow: 0, service: 'old' })
  })

  it('configureTracking and configure return their tracker', () => {
    const tracker = createTracker()
    expect(tracker.configure({})).toBe(tracker)
    expect(configureTracking({ service: 'api' })).toBe(tracking)
  })
})
