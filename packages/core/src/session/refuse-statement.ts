import { markAborted } from '../errors/abort-reasons.ts'
import { createTallyError } from '../errors/tally-error.ts'
import { isTransactionControl } from '../sql/statements.ts'

const invalid = (message: string) => ({ error: createTallyError('PGTALLY_INVALID_OPTION', message) })

/** A batch of no rows would look like the end of the stream. */
export const refuseBatchSize = (batchSize: unknown): { readonly error: unknown } | undefined => {
  if (batchSize === undefined || (Number.isSafeInteger(batchSize) && (batchSize as number) >= 1)) return undefined
  const given = typeof batchSize === 'number' ? batchSize : typeof batchSize
  return invalid(`batchSize: a whole number of rows from 1 is needed, got ${given}.`)
}

const isSignal = (value: unknown): boolean =>
  typeof (value as Partial<AbortSignal> | null)?.addEventListener === 'function'

/** Why a text is not sent at all; undefined where it may be. */
export const refuseStatement = (
  text: unknown,
  values: unknown,
  signal: AbortSignal | undefined,
): { readonly error: unknown } | undefined => {
  if (typeof text !== 'string') return invalid(`text: a string is needed, got ${typeof text}.`)
  if (values !== undefined && !Array.isArray(values)) {
    return invalid(`values: an array is needed, an element for each of $1, $2, …, got ${typeof values}.`)
  }
  if (signal !== undefined && !isSignal(signal))
    return invalid(`signal: an AbortSignal is needed, got ${typeof signal}.`)
  if (signal?.aborted) {
    markAborted(signal.reason)
    return { error: signal.reason }
  }
  if (!isTransactionControl(text)) return undefined
  return {
    error: createTallyError(
      'PGTALLY_TRANSACTION_CONTROL',
      'BEGIN, COMMIT, ROLLBACK, SAVEPOINT and the like cannot be sent as text. Call session.transaction(work); on a transaction it makes a savepoint.',
    ),
  }
}
