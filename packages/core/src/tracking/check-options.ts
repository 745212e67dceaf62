import { errorKinds } from '../errors/error-kind.ts'
import { createTallyError } from '../errors/tally-error.ts'

const labelPattern = /^[A-Za-z_][\w.:-]{0,63}$/

const describe = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 70))
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

/** @throws PGTALLY_INVALID_OPTION: which option, what was given, what is allowed */
export function refuse(option: string, given: unknown, allowed: string): never {
  throw createTallyError('PGTALLY_INVALID_OPTION', `${option}: got ${describe(given)}. Allowed is ${allowed}.`)
}

/** As `refuse`, each of these where the value is not allowed. */
export const checkLabel = (option: string, value: unknown): void => {
  if (typeof value === 'string' && labelPattern.test(value)) return
  refuse(option, value, 'a letter or _, then at most 63 letters, digits or _ . : -')
}

export const checkOptionalLabel = (option: string, value: unknown): void => {
  if (value !== undefined) checkLabel(option, value)
}

export const checkThreshold = (option: string, value: unknown): void => {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return
  refuse(option, value, 'a number of milliseconds from 0 to Infinity')
}

export const checkFlag = (option: string, value: unknown): void => {
  if (value !== undefined && typeof value !== 'boolean') refuse(option, value, 'true or false')
}

export const checkLimit = (option: string, value: unknown): void => {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1)) return
  refuse(option, value, 'a whole number from 1')
}

export const checkFunction = (option: string, value: unknown): void => {
  if (value !== undefined && typeof value !== 'function') refuse(option, value, 'a function')
}

export const checkExpectedErrors = (option: string, value: unknown): void => {
  if (value === undefined) return
  if (!Array.isArray(value)) refuse(option, value, 'an array of error kinds and predicates')
  for (const expected of value) {
    if (typeof expected === 'function' || (errorKinds as readonly unknown[]).includes(expected)) continue
    refuse(
      option,
      expected,
      'an error kind such as unique_violation (docs/reference/errors.md lists them), or a predicate',
    )
  }
}

const observerMethods = ['queryEnded', 'transactionEnded', 'transactionIdle']

export const checkObserver = (option: string, value: unknown): void => {
  if (typeof value !== 'object' || value === null)
    refuse(option, value, 'an object with queryEnded or transactionEnded')
  const { only } = value as { only?: unknown }
  if (only !== undefined && only !== 'slow-or-failed') refuse(`${option}.only`, only, "'slow-or-failed'")
  for (const method of observerMethods) checkFunction(`${option}.${method}`, (value as Record<string, unknown>)[method])
}

export const checkObservers = (option: string, value: unknown): void => {
  if (value === undefined) return
  if (!Array.isArray(value)) refuse(option, value, 'an array of observers')
  for (const observer of value) checkObserver(option, observer)
}

/** The bag of options itself, and that it holds no other than these. */
export const checkNames = (what: string, options: unknown, names: ReadonlySet<string>): void => {
  if (typeof options !== 'object' || options === null) refuse(what, options, `an object of ${[...names].join(', ')}`)
  for (const name in options) {
    if (!names.has(name)) refuse(what, name, [...names].join(', '))
  }
}
