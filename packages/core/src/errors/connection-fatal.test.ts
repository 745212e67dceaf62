import { describe, expect, it } from 'vitest'
import { isConnectionFatal } from './connection-fatal.ts'
import { createTallyError } from './tally-error.ts'

const words = (text: string): readonly string[] => text.split(' ')

const fatalStates = words('08000 08001 08003 08004 08006 08007 08P01 25P03 25P04 57P01 57P02 57P03 57P04 57P05')
const harmlessStates = words('23505 40001 40P01 55P03 57014 25P02 0A000 42601 P0001 53100 25006 25001')
const fatalCodes = words(
  'CONNECTION_CLOSED CONNECTION_DESTROYED CONNECTION_ENDED ECONNRESET EPIPE ETIMEDOUT ECONNABORTED ECONNREFUSED',
)

const fatal: readonly unknown[] = [
  ...fatalStates.map((code) => ({ code, severity: 'ERROR' })),
  ...fatalCodes.map((code) => ({ code })),
  { code: '53300', severity: 'FATAL' },
  { code: 'XX000', severity: 'PANIC' },
  new Error('Connection terminated unexpectedly'),
  new Error('Client has encountered a connection error and is not queryable'),
  new Error('Client was closed and is not queryable'),
  new Error('wrapped', { cause: { code: '57P01' } }),
  new Error('wrapped', { cause: { code: '40001', severity: 'FATAL' } }),
  createTallyError('PGTALLY_TRANSACTION_CLOSED', 'm', { cause: { code: 'ECONNRESET' } }),
]

const harmless: readonly unknown[] = [
  ...harmlessStates.map((code) => ({ code, severity: 'ERROR' })),
  { code: 'LOG_FAILED', severity: 'FATAL' },
  { severity: 'FATAL' },
  { code: 'UNDEFINED_VALUE' },
  { code: 'ABORT_ERR' },
  new Error('Query read timeout'),
  new Error('timeout exceeded when trying to connect'),
  createTallyError('PGTALLY_COMMIT_ROLLED_BACK', 'm', { cause: { code: '23505' } }),
  createTallyError('PGTALLY_TRANSACTION_CLOSED', 'm'),
  undefined,
  'Connection terminated',
]

describe('isConnectionFatal', () => {
  it.each(fatal.map((error) => [error] as const))('is true of %j', (error) => {
    expect(isConnectionFatal(error)).toBe(true)
  })

  it.each(harmless.map((error) => [error] as const))('is false of %j', (error) => {
    expect(isConnectionFatal(error)).toBe(false)
  })
})
