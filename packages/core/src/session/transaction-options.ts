import { createTallyError } from '../errors/tally-error.ts'
import { isolationLevels, type TransactionOptions } from './session.ts'

const booleans: readonly unknown[] = [true, false]
const allowedValues: Readonly<Record<keyof TransactionOptions, readonly unknown[]>> = {
  isolationLevel: isolationLevels,
  readOnly: booleans,
  deferrable: booleans,
}

const describe = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : value === null ? 'null' : typeof value

function refuse(option: string, given: unknown, allowed: readonly unknown[]): never {
  const choices = allowed.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(', ')
  throw createTallyError('PGTALLY_INVALID_OPTION', `${option}: got ${describe(given)}. Allowed is ${choices}.`)
}

/** @throws PGTALLY_INVALID_OPTION, saying which option, what was given and what is allowed */
export const checkTransactionOptions = (options: unknown): TransactionOptions => {
  if (options === undefined) return {}
  const names = Object.keys(allowedValues)
  if (typeof options !== 'object' || options === null) refuse('transaction options', options, names)
  const checked: Record<string, unknown> = {}
  for (const name in options) {
    if (!Object.hasOwn(allowedValues, name)) refuse('transaction options', name, names)
    const allowed = allowedValues[name as keyof TransactionOptions]
    const value = (options as Record<string, unknown>)[name]
    if (value !== undefined && !allowed.includes(value)) refuse(name, value, allowed)
    checked[name] = value
  }
  // A copy: the driver writes these into BEGIN, and a getter may say something else the second time.
  return checked
}
