import { BoundSession } from './bound-session.ts'
import type { Session } from './session.ts'
import type { TransactionVerdict } from './session-driver.ts'
import type { SessionScope } from './session-scope.ts'
import { type Thrown, type TransactionState, untilQuiet } from './transaction-state.ts'

/** How the work of a transaction or savepoint ended, with all that it left running. */
export interface WorkEnd<Result> {
  readonly value: Result | undefined
  /** What the work threw, else what the connection was lost by. */
  readonly failure: Thrown | undefined
  /** The first statement that failed, whether or not the work caught its error. */
  readonly firstError: Thrown | undefined
  readonly verdict: TransactionVerdict
}

export const runWork = async <Result>(
  state: TransactionState,
  scope: SessionScope,
  call: BoundSession,
  work: (transaction: Session) => Promise<Result>,
): Promise<WorkEnd<Result>> => {
  let value: Result | undefined
  let failure: Thrown | undefined
  state.watch?.began(scope)
  try {
    value = await work(BoundSession.within(call, scope))
  } catch (error) {
    failure = { error }
  }
  await untilQuiet(state)
  state.ended = true
  state.watch?.workEnded()
  const { firstError } = state
  const { lost } = state.on
  if (lost !== undefined) return { value, failure: failure ?? lost, firstError, verdict: 'abandon' }
  return { value, failure, firstError, verdict: failure === undefined ? 'commit' : 'rollback' }
}
