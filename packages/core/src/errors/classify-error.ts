import { isAbortReason } from './abort-reasons.ts'
import { kindOfClientCode, kindOfClientMessage } from './client-error-kind.ts'
import { isObject, originDepth, readErrors, readOrigins, readProperty } from './error-facts.ts'
import { type ErrorKind, retryableKinds } from './error-kind.ts'
import { isSqlState } from './sql-state.ts'
import { kindOfSqlState } from './sql-state-kind.ts'
import { isOutcomeUnknown } from './unknown-outcomes.ts'

/** What a thrown value means, for a database. */
export interface ErrorClassification {
  readonly kind: ErrorKind
  /** The server's five-character code; absent where no server gave one. */
  readonly sqlState?: string
  /**
   * Advice: the same work, run again from its start (the whole transaction where there was one), may succeed, and the
   * failed attempt has left nothing behind.
   */
  readonly retryable: boolean
}

const plain = (kind: ErrorKind): ErrorClassification => ({ kind, retryable: retryableKinds.has(kind) })

const withState = (kind: ErrorKind, sqlState: string): ErrorClassification => ({
  kind,
  sqlState,
  retryable: retryableKinds.has(kind),
})

/** The system call that failed; where a host has several addresses, each address's error says it. */
const readSyscall = (error: object): unknown => {
  const syscall = readProperty(error, 'syscall')
  if (syscall !== undefined) return syscall
  const first = readErrors(error)[0]
  return isObject(first) ? readProperty(first, 'syscall') : undefined
}

/** A socket's error code means something else before there is a connection and after. */
const kindOfSocketCode = (error: object, kind: ErrorKind | undefined): ErrorKind | undefined => {
  const syscall = readSyscall(error)
  if (syscall === 'connect') return 'connection_failed'
  return kind === 'connection_failed' && (syscall === 'read' || syscall === 'write') ? 'connection_lost' : kind
}

/** A cached plan whose result type has changed is reported as an unsupported feature; only its routine tells. */
const isStalePlan = (error: object, sqlState: string): boolean =>
  sqlState === '0A000' && readProperty(error, 'routine') === 'RevalidateCachedQuery'

const describeState = (error: object, sqlState: string): ErrorClassification | undefined => {
  const kind = kindOfSqlState(sqlState)
  if (kind !== undefined) return withState(isStalePlan(error, sqlState) ? 'prepared_statement' : kind, sqlState)
  // Of a class that PostgreSQL has not got, five capitals may be anybody's code (`P2002` is Prisma's): a server's has a severity.
  return typeof readProperty(error, 'severity') === 'string' ? withState('raised', sqlState) : undefined
}

const describeCode = (error: object, code: string, depth: number): ErrorClassification | undefined => {
  if (code === 'PGTALLY_COMMIT_ROLLED_BACK') {
    const cause = describe(readProperty(error, 'cause'), depth - 1)
    return { kind: 'commit_rolled_back', retryable: cause?.retryable ?? false }
  }
  if (code === 'PGTALLY_TRANSACTION_CLOSED') {
    return describe(readProperty(error, 'cause'), depth - 1) ?? plain('client_misuse')
  }
  const known = kindOfClientCode(code)
  const kind = code.startsWith('E') ? kindOfSocketCode(error, known) : known
  if (kind !== undefined) return plain(kind)
  return isSqlState(code) ? describeState(error, code) : undefined
}

/** `AbortController` makes a DOMException of code 20, `AbortSignal.timeout` one of code 23. */
const isAbort = (code: unknown, name: unknown): boolean =>
  name === 'AbortError' || code === 20 || (name === 'TimeoutError' && code === 23)

const describeItself = (error: object, depth: number): ErrorClassification | undefined => {
  if (isAbortReason(error)) return plain('aborted')
  const code = readProperty(error, 'code')
  if (isOutcomeUnknown(error)) {
    return { ...plain('outcome_unknown'), ...(isSqlState(code) && !code.startsWith('E') ? { sqlState: code } : {}) }
  }
  const byCode = typeof code === 'string' ? describeCode(error, code, depth) : undefined
  if (byCode !== undefined) return byCode
  if (isAbort(code, readProperty(error, 'name'))) return plain('aborted')
  const message = readProperty(error, 'message')
  const kind = typeof message === 'string' ? kindOfClientMessage(message) : undefined
  return kind === undefined ? undefined : plain(kind)
}

const describe = (error: unknown, depth: number): ErrorClassification | undefined => {
  if (!isObject(error) || depth < 0) return undefined
  const itself = describeItself(error, depth)
  if (itself !== undefined) return itself
  for (const origin of readOrigins(error)) {
    const found = describe(origin, depth - 1)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The kind of any thrown value, from whichever driver, by its `code` (a SQLSTATE, Node's, a driver's or pgtally's); a
 * driver's errors without a code are known by the constant beginning of their message. The server's message is never
 * read: it is translated, and holds values. An error that says nothing is asked for its `cause`, Sequelize's `original`
 * and an aggregate's `errors`, three levels deep. The reason with which a signal aborted a statement of a Session is
 * `aborted`, whatever it is made of; the error by which a transaction's outcome became unknown is `outcome_unknown`. What remains
 * is `application`.
 *
 * Never throws, whatever it is given.
 */
export const classifyError = (error: unknown): ErrorClassification =>
  describe(error, originDepth) ?? plain('application')
