import { createTallyError } from '../errors/tally-error.ts'
import type { Thrown, TransactionState } from './transaction-state.ts'

/** Why nothing can be sent on a transaction; undefined where it can. */
export const refuseUse = (state: TransactionState): Thrown | undefined => {
  const { lost, openStream } = state.on
  if (lost !== undefined) {
    const message = 'The transaction lost its connection: start it anew from the beginning, on its database.'
    return { error: createTallyError('PGTALLY_TRANSACTION_CLOSED', message, { cause: lost.error }) }
  }
  if (state.ended) {
    const message = 'The transaction is over. Await every statement inside its work, and use its Session nowhere else.'
    return { error: createTallyError('PGTALLY_TRANSACTION_CLOSED', message) }
  }
  if (openStream === undefined) return undefined
  const message =
    'A stream of this transaction is still open. Read it to its end or leave its loop before the next statement.'
  return { error: createTallyError('PGTALLY_STREAM_OPEN', message) }
}
