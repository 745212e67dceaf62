import { isConnectionFatal } from '../errors/connection-fatal.ts'
import type { BoundSession } from './bound-session.ts'
import { loseConnection, statementEnded, statementStarted, type TransactionState } from './transaction-state.ts'

/** Keeps the books on one statement of a transaction. */
export const watchStatement = <Result>(
  state: TransactionState,
  call: BoundSession,
  result: Promise<Result>,
): Promise<Result> => {
  statementStarted(state)
  return result.then(
    (answer) => {
      statementEnded(state, call)
      return answer
    },
    (error) => {
      state.firstError ??= { error }
      if (isConnectionFatal(error)) loseConnection(state.on, error)
      statementEnded(state, call)
      throw error
    },
  )
}
