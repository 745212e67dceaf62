import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { markAborted } from './abort-reasons.ts'
import { classifyError } from './classify-error.ts'
import { type ErrorKind, errorKinds, retryableKinds } from './error-kind.ts'
import { createTallyError } from './tally-error.ts'
import { markOutcomeUnknown } from './unknown-outcomes.ts'

const failed = (fields: object, message = 'x'): Error => Object.assign(new Error(message), fields)

const codes: readonly (readonly [string, ErrorKind])[] = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].map(
    (code) => [code, 'connection_failed'] as const,
  ),
  ...[
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'EPROTO',
  ].map((code) => [code, 'connection_failed'] as const),
  ['CONNECT_TIMEOUT', 'connect_timeout'],
  ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED'].map(
    (code) => [code, 'connection_lost'] as const,
  ),
  ['CONNECTION_ENDED', 'pool_closed'],
  ['SASL_SIGNATURE_MISMATCH', 'auth_failed'],
  ...['UNDEFINED_VALUE', 'UNSAFE_TRANSACTION', 'MAX_PARAMETERS_EXCEEDED', 'NOT_TAGGED_CALL', 'COPY_IN_PROGRESS'].map(
    (code) => [code, 'client_misuse'] as const,
  ),
  ...[
    'PGTALLY_TRANSACTION_CLOSED',
    'PGTALLY_STREAM_OPEN',
    'PGTALLY_CLIENT_BUSY',
    'PGTALLY_SAVEPOINT_OPEN',
    'PGTALLY_TRANSACTION_CONTROL',
    'PGTALLY_INVALID_OPTION',
    'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED',
  ].map((code) => [code, 'client_misuse'] as const),
  ['PGTALLY_COMMIT_ROLLED_BACK', 'commit_rolled_back'],
  ['ABORT_ERR', 'aborted'],
  ['ENOENT', 'application'],
  ['EACCES', 'application'],
  ['PGTALLY_ANALYZE_REFUSED', 'application'],
  ['ERR_INVALID_ARG_TYPE', 'application'],
]

const messages: readonly (readonly [string, ErrorKind])[] = [
  ['timeout expired', 'connect_timeout'],
  ['Connection terminated due to connection timeout', 'connect_timeout'],
  ['Connection terminated', 'connection_lost'],
  ['Connection terminated unexpectedly', 'connection_lost'],
  ['select 1 - 2 from t - Connection terminated unexpectedly', 'connection_lost'],
  ['select 1 - Connection', 'application'],
  ['Client has encountered a connection error and is not queryable', 'connection_lost'],
  ['Client was closed and is not queryable', 'connection_lost'],
  ['timeout exceeded when trying to connect', 'pool_timeout'],
  ['Cannot use a pool after calling end on the pool', 'pool_closed'],
  ['PGlite is closed', 'pool_closed'],
  ['PGlite is closing', 'pool_closed'],
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'auth_failed'],
  ['The server does not support SSL connections', 'connection_failed'],
  ['Query read timeout', 'client_timeout'],
  ["Prepared statements must be unique - 'a' was used for a different statement", 'client_misuse'],
  ['Release called on client which has already been released to the pool.', 'client_misuse'],
  ['Transaction is closed', 'client_misuse'],
  ['the Connection terminated', 'application'],
  ['duplicate key value violates unique constraint "users_pkey"', 'application'],
]

describe('classifyError', () => {
  it.each(codes)('takes the code %s for %s', (code, kind) => {
    expect(classifyError(failed({ code }))).toEqual({ kind, retryable: retryableKinds.has(kind) })
  })

  it.each(messages)("takes the driver's own message %j for %s", (message, kind) => {
    expect(classifyError(new Error(message))).toEqual({ kind, retryable: retryableKinds.has(kind) })
  })

  it('does not read the message of a server', () => {
    expect(classifyError(failed({ code: 'P0001', severity: 'ERROR' }, 'Connection terminated')).kind).toBe('raised')
  })

  it.each(['ECONNRESET', 'ETIMEDOUT', 'ENOENT', 'EACCES', 'EPIPE'])(
    'takes %s for a failed connection while connecting',
    (code) => {
      expect(classifyError(failed({ code, syscall: 'connect' }))).toEqual({
        kind: 'connection_failed',
        retryable: true,
      })
    },
  )

  it('takes an unreachable host for a lost connection where there was one', () => {
    expect(classifyError(failed({ code: 'EHOSTUNREACH', syscall: 'read' })).kind).toBe('connection_lost')
  })

  it('knows the error Node makes of a host with several addresses', () => {
    const perAddress = failed({ code: 'ETIMEDOUT', syscall: 'connect' })
    const aggregate = Object.assign(new AggregateError([perAddress, perAddress]), { code: 'ETIMEDOUT' })
    expect(classifyError(aggregate).kind).toBe('connection_failed')
  })

  it('knows what Node says of a port where nobody listens', async () => {
    const error = await new Promise<Error>((resolve) => connect({ port: 1, host: 'localhost' }).once('error', resolve))
    expect(classifyError(error)).toEqual({ kind: 'connection_failed', retryable: true })
  })

  it('knows what AbortController and AbortSignal.timeout give as a reason', () => {
    const controller = new AbortController()
    controller.abort()
    expect(classifyError(controller.signal.reason).kind).toBe('aborted')
    expect(classifyError(new DOMException('late', 'TimeoutError')).kind).toBe('aborted')
    expect(classifyError(failed({ name: 'AbortError' })).kind).toBe('aborted')
    expect(classifyError({ code: 20 }).kind).toBe('aborted')
  })

  it('takes the reason of an aborted statement for aborted, whatever it is', () => {
    const reason = failed({ code: 'CLIENT_GONE' })
    expect(classifyError(reason).kind).toBe('application')
    markAborted(reason)
    markAborted('gone')
    expect(classifyError(reason)).toEqual({ kind: 'aborted', retryable: false })
    expect(classifyError('gone').kind).toBe('application')
  })

  it('asks the cause, and an aggregate, where the error itself says nothing', () => {
    const unique = failed({ code: '23505', severity: 'ERROR' })
    const found = { kind: 'unique_violation', sqlState: '23505', retryable: false }
    expect(classifyError(new Error('saving failed', { cause: unique }))).toEqual(found)
    expect(classifyError(failed({ code: 'SAVE_FAILED', cause: unique }))).toEqual(found)
    expect(classifyError(failed({ original: unique }))).toEqual(found)
    expect(classifyError(new AggregateError([new Error('other'), unique]))).toEqual(found)
    expect(classifyError(failed({ code: '42601', severity: 'ERROR', cause: unique })).kind).toBe('syntax_error')
  })

  it('looks three levels deep', () => {
    let error: Error = failed({ code: '23505' })
    const kinds = [0, 1, 2, 3, 4].map(() => {
      const { kind } = classifyError(error)
      error = new Error('wrapped', { cause: error })
      return kind
    })
    expect(kinds).toEqual([...Array(4).fill('unique_violation'), 'application'])
  })

  it('calls a commit that was rolled back retryable when its cause is', () => {
    const because = (code: string) => createTallyError('PGTALLY_COMMIT_ROLLED_BACK', 'm', { cause: failed({ code }) })
    expect(classifyError(because('40001'))).toEqual({ kind: 'commit_rolled_back', retryable: true })
    expect(classifyError(because('23505'))).toEqual({ kind: 'commit_rolled_back', retryable: false })
  })

  it('takes a closed transaction for what closed it', () => {
    const closed = (cause: unknown) => createTallyError('PGTALLY_TRANSACTION_CLOSED', 'm', { cause })
    expect(classifyError(closed(failed({ code: 'ECONNRESET' }))).kind).toBe('connection_lost')
    expect(classifyError(closed(failed({ code: '57P01' })))).toEqual({
      kind: 'server_shutdown',
      sqlState: '57P01',
      retryable: true,
    })
    expect(classifyError(closed(new Error('Connection terminated unexpectedly'))).kind).toBe('connection_lost')
    expect(classifyError(closed(undefined)).kind).toBe('client_misuse')
    expect(classifyError(closed(new Error('mine'))).kind).toBe('client_misuse')
  })

  it('advises to try again after these kinds, and no others', () => {
    expect(errorKinds.filter((kind) => retryableKinds.has(kind))).toEqual([
      'deadlock',
      'serialization_failure',
      'lock_timeout',
      'session_timeout',
      'connection_failed',
      'connect_timeout',
      'server_shutdown',
      'pool_timeout',
      'too_many_connections',
      'prepared_statement',
      'disk_full',
      'out_of_memory',
      'resource_exhausted',
    ])
  })
})

describe('the error by which an outcome became unknown', () => {
  it('is outcome_unknown and not to be run again, whatever it is by itself', () => {
    const terminated = Object.assign(new Error('terminating connection'), { code: '57P01', severity: 'FATAL' })
    expect(classifyError(terminated)).toEqual({ kind: 'server_shutdown', sqlState: '57P01', retryable: true })
    markOutcomeUnknown(terminated)
    expect(classifyError(terminated)).toEqual({ kind: 'outcome_unknown', sqlState: '57P01', retryable: false })
  })
})
