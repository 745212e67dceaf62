/** The codes of pgtally's own errors in core; they are stable, and the way to recognise one. */
export type TallyErrorCode =
  | 'PGTALLY_COMMIT_ROLLED_BACK'
  | 'PGTALLY_TRANSACTION_CLOSED'
  | 'PGTALLY_STREAM_OPEN'
  | 'PGTALLY_CLIENT_BUSY'
  | 'PGTALLY_SAVEPOINT_OPEN'
  | 'PGTALLY_TRANSACTION_CONTROL'
  | 'PGTALLY_INVALID_OPTION'
  | 'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED'

/**
 * An error of pgtally's own, as against a driver's. Recognise it by `code`: two copies of pgtally in one process have two
 * classes.
 */
export interface PgTallyError extends Error {
  readonly name: 'PgTallyError'
  readonly code: TallyErrorCode
}

/** What `createTallyError` takes beside code and message. */
export interface TallyErrorOptions {
  /** What led to it. Present on the error only where given, `undefined` included. */
  readonly cause?: unknown
}

/** An error of our own. The message says what to do, and holds no value, literal, error text or connection string. */
export const createTallyError = (
  code: TallyErrorCode,
  message: string,
  options: TallyErrorOptions = {},
): PgTallyError => {
  const error = 'cause' in options ? new Error(message, { cause: options.cause }) : new Error(message)
  Object.defineProperty(error, 'name', { value: 'PgTallyError', configurable: true, writable: true })
  Error.captureStackTrace(error, createTallyError)
  return Object.assign(error, { code }) as unknown as PgTallyError
}
