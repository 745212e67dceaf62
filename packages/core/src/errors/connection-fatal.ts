import { classifyError } from './classify-error.ts'
import { isObject, originDepth, readOrigins, readProperty } from './error-facts.ts'
import type { ErrorKind } from './error-kind.ts'
import { isSqlState } from './sql-state.ts'

const fatalKinds: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'connection_failed',
  'connect_timeout',
  'connection_lost',
  'outcome_unknown',
  'pool_closed',
  'server_shutdown',
  'session_timeout',
])

const hasFatalSeverity = (error: unknown, depth: number): boolean => {
  if (!isObject(error)) return false
  const severity = readProperty(error, 'severity')
  if ((severity === 'FATAL' || severity === 'PANIC') && isSqlState(readProperty(error, 'code'))) return true
  return depth > 0 && readOrigins(error).some((origin) => hasFatalSeverity(origin, depth - 1))
}

/**
 * Whether an error means that its connection is gone, so that nothing more can be sent on it and it must not go back to a
 * pool: severity FATAL or PANIC, SQLSTATE class 08, a shutdown or session timeout of the server, a socket's error, a
 * driver's word for a closed connection. `false` where only a statement failed, and for what is no database error.
 *
 * Never throws, whatever it is given.
 */
export const isConnectionFatal = (error: unknown): boolean =>
  fatalKinds.has(classifyError(error).kind) || hasFatalSeverity(error, originDepth)
