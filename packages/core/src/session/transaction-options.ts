import { createTallyError } from '../errors/tally-error.ts'
import { isolationLevels, type TransactionOptions } from './session.ts'

/** @throws PGTALLY_INVALID_OPTION, saying which option, what was given and what is allowed */
export const checkTransactionOptions = (options: unknown): TransactionOptions => {
  if (options === undefined) return {}
  const refuse = (name: string, given: unknown, allowed: string): never => {
    throw createTallyError('PGTALLY_INVALID_OPTION', `${name}: ${allowed} is needed, got ${describe(given)}.`)
  }
  if (typeof options !== 'object' || options === null) return refuse('transaction options', options, 'an object')
  const { isolationLevel, readOnly, deferrable } = options as Record<string, unknown>
  if (isolationLevel !== undefined && !(isolationLevels as readonly unknown[]).includes(isolationLevel)) {
    refuse('isolationLevel', isolationLevel, isolationLevels.map((level) => `'${level}'`).join(', '))
  }
  if (readOnly !== undefined && typeof readOnly !== 'boolean') refuse('readOnly', readOnly, 'true or false')
  if (deferrable !== undefined && typeof deferrable !== 'boolean') refuse('deferrable', deferrable, 'true or false')
  return options
}

const describe = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : value === null ? 'null' : typeof value
