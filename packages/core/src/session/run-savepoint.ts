import { isConnectionFatal } from '../errors/connection-fatal.ts'
import { createTallyError } from '../errors/tally-error.ts'
import type { BoundSession } from './bound-session.ts'
import { commitRolledBack } from './commit-rolled-back.ts'
import { makeSavepoint, type SavepointEnd } from './make-savepoint.ts'
import { refuseUse } from './refuse-use.ts'
import { runWork, type WorkEnd } from './run-work.ts'
import type { Session, TransactionOptions } from './session.ts'
import type { TransactionVerdict } from './session-driver.ts'
import type { SessionScope, TransactionWatch } from './session-scope.ts'
import {
  loseConnection,
  openState,
  savepointEnded,
  statementEnded,
  statementStarted,
  type Thrown,
  type TransactionState,
} from './transaction-state.ts'

const refuseSavepoint = (parent: TransactionState, options: TransactionOptions | undefined): Thrown | undefined => {
  const refused = refuseUse(parent)
  if (refused !== undefined) return refused
  if (parent.savepointOpen) {
    const message =
      'A savepoint of this transaction is still open, and two at once would undo each other. Await it first, or call transaction on the Session that it gave you.'
    return { error: createTallyError('PGTALLY_SAVEPOINT_OPEN', message) }
  }
  const given = Object.entries(options ?? {}).find(([, value]) => value !== undefined)
  if (given === undefined) return undefined
  const message = `${given[0]} cannot be changed by a savepoint: give it to the transaction itself.`
  return { error: createTallyError('PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED', message) }
}

/** A transaction inside a transaction. Settles once its savepoint is released, or rolled back to. */
export const runSavepoint = async <Result>(
  parent: TransactionState,
  call: BoundSession,
  work: (savepoint: Session) => Promise<Result>,
  options: TransactionOptions | undefined,
  watch: TransactionWatch | undefined,
  openScope: (state: TransactionState) => SessionScope,
): Promise<Result> => {
  const refused = refuseSavepoint(parent, options)
  if (refused !== undefined) throw refused.error
  const { on } = parent
  const name = `pgtally_${++on.savepoints}`
  let done: WorkEnd<Result> | undefined

  const runInside = async (): Promise<TransactionVerdict> => {
    statementEnded(parent, call)
    const state = openState(on, parent, watch)
    done = await runWork(state, openScope(state), call, work)
    statementStarted(parent)
    return done.verdict
  }

  // Only what the driver says counts: the work may throw an error of another database.
  const noteLoss = (error: unknown): never => {
    if (isConnectionFatal(error)) loseConnection(on, error)
    throw error
  }

  const { firstError: before } = parent
  parent.savepointOpen = true
  // What makes and ends the savepoint are statements too.
  statementStarted(parent)
  try {
    const end = await makeSavepoint(on.connection, name, runInside, () => on.lost !== undefined).catch(noteLoss)
    if ('error' in end && isConnectionFatal(end.error)) loseConnection(on, end.error)
    if ('rollbackError' in end && isConnectionFatal(end.rollbackError)) loseConnection(on, end.rollbackError)
    watch?.ended(
      end.outcome === 'released'
        ? { outcome: 'committed' }
        : {
            outcome: 'rolled_back',
            ...('rollbackError' in end ? { rollbackError: { error: end.rollbackError } } : {}),
          },
    )
    // The parent's own Session may have been used in the work: what failed there is undone as well.
    const firstError = done?.firstError ?? (parent.firstError === before ? undefined : parent.firstError)
    if (end.outcome === 'rolled_back' && !('rollbackError' in end)) parent.firstError = before
    if (done?.failure !== undefined) throw done.failure.error
    if (end.outcome === 'released') return done?.value as Result
    throw refusedRelease(end, firstError)
  } finally {
    statementEnded(parent, call)
    savepointEnded(parent)
  }
}

/** The server refuses RELEASE where a statement had failed. */
const refusedRelease = (
  end: Extract<SavepointEnd, { outcome: 'rolled_back' }>,
  firstError: Thrown | undefined,
): unknown => {
  const explained = firstError !== undefined && !isConnectionFatal(end.error)
  return explained || !('error' in end) ? commitRolledBack(firstError) : end.error
}
