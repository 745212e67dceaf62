import { createTallyError } from '../errors/tally-error.ts'
import { BoundSession } from './bound-session.ts'
import { commitRolledBack } from './commit-rolled-back.ts'
import { refuseUse } from './refuse-use.ts'
import type { Session, TransactionOptions } from './session.ts'
import type { SessionScope, TransactionWatch } from './session-scope.ts'
import { openState, savepointEnded, type Thrown, type TransactionState, untilQuiet } from './transaction-state.ts'
import { watchStatement } from './watch-statement.ts'

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

/** A transaction inside a transaction: SAVEPOINT, then RELEASE, or ROLLBACK TO and RELEASE. */
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
  const send = (text: string) => {
    const statement = { text, values: undefined, name: undefined, singleStatement: false }
    return watchStatement(parent, call, on.connection.query(statement).result)
  }
  parent.savepointOpen = true
  try {
    await send(`savepoint ${name}`)
    const state = openState(on, parent, watch)
    const scope = openScope(state)
    watch?.began(scope)
    let failure: Thrown | undefined
    let value: Result | undefined
    try {
      value = await work(BoundSession.within(call, scope))
    } catch (error) {
      failure = { error }
    }
    await untilQuiet(state)
    state.ended = true
    watch?.workEnded()
    if (failure === undefined && on.lost === undefined) {
      // The server refuses RELEASE where a statement had failed.
      failure = await send(`release savepoint ${name}`).then(
        () => undefined,
        (error) =>
          on.lost === undefined && state.firstError !== undefined
            ? { error: commitRolledBack(state.firstError) }
            : { error },
      )
      if (failure === undefined) {
        watch?.ended({ outcome: 'committed' })
        return value as Result
      }
    }
    const rollbackError = await undo(send, on, name)
    watch?.ended({ outcome: 'rolled_back', ...(rollbackError === undefined ? {} : { rollbackError }) })
    throw (failure ?? (on.lost as Thrown)).error
  } finally {
    savepointEnded(parent)
  }
}

/** A failing ROLLBACK TO is reported, and never takes the place of the error that led to it. */
const undo = async (
  send: (text: string) => Promise<unknown>,
  on: TransactionState['on'],
  name: string,
): Promise<Thrown | undefined> => {
  if (on.lost !== undefined) return undefined
  try {
    await send(`rollback to savepoint ${name}`)
    await send(`release savepoint ${name}`)
    return undefined
  } catch (error) {
    return { error }
  }
}
