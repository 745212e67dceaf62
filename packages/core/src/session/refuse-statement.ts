import { markAborted } from '../errors/abort-reasons.ts'
import { createTallyError } from '../errors/tally-error.ts'
import { isTransactionControl } from '../sql/statements.ts'

/** Why a text is not sent at all; undefined where it may be. */
export const refuseStatement = (
  text: unknown,
  values: unknown,
  signal: AbortSignal | undefined,
): { readonly error: unknown } | undefined => {
  if (typeof text !== 'string') {
    return { error: createTallyError('PGTALLY_INVALID_OPTION', `text: a string is needed, got ${typeof text}.`) }
  }
  if (values !== undefined && !Array.isArray(values)) {
    return {
      error: createTallyError('PGTALLY_INVALID_OPTION', 'values: an array is needed, an element for each of $1, $2, …'),
    }
  }
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
