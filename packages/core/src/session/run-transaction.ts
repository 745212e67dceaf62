import { markOutcomeUnknown } from '../errors/unknown-outcomes.ts'
import type { BoundSession } from './bound-session.ts'
import { driverCallOf, meterCall } from './call-meter.ts'
import { commitRolledBack } from './commit-rolled-back.ts'
import { runWork, type WorkEnd } from './run-work.ts'
import type { Session, TransactionOptions } from './session.ts'
import type { SessionDriver, TransactionEnd } from './session-driver.ts'
import type { TransactionWatch, WatchedEnd } from './session-scope.ts'
import { checkTransactionOptions } from './transaction-options.ts'
import { createTransactionScope } from './transaction-scope.ts'
import { type ConnectionState, loseConnection, openConnection, openState, type Thrown } from './transaction-state.ts'

/** A transaction on a connection of its own. Settles once, after the server's final word or the known loss of it. */
export const runTransaction = async <Result>(
  driver: SessionDriver,
  call: BoundSession,
  work: (transaction: Session) => Promise<Result>,
  options: TransactionOptions | undefined,
  watch: TransactionWatch | undefined,
): Promise<Result> => {
  const checked = checkTransactionOptions(options)
  let on: ConnectionState | undefined
  let done: WorkEnd<Result> | undefined
  let lostEarly: Thrown | undefined
  const meter = meterCall(call, '', driver.capabilities.poolWait)
  const driverCall = driverCallOf(meter, (error) => {
    lostEarly ??= { error }
    if (on !== undefined) loseConnection(on, error)
  })

  const end = await driver.transaction(
    checked,
    async (connection) => {
      on = openConnection(connection)
      if (lostEarly !== undefined) loseConnection(on, lostEarly.error)
      const state = openState(on, undefined, watch)
      done = await runWork(state, createTransactionScope(driver, state, 0), call, work)
      return done.verdict
    },
    driverCall,
  )
  if (end.outcome === 'unknown') markOutcomeUnknown(end.error)
  watch?.ended(watchedEnd(end))
  if (done?.failure !== undefined) throw done.failure.error
  if (end.outcome === 'committed') return done?.value as Result
  if ('error' in end) throw end.error
  throw commitRolledBack(done?.firstError)
}

const watchedEnd = (end: TransactionEnd): WatchedEnd =>
  end.outcome === 'rolled_back' && 'rollbackError' in end
    ? { outcome: 'rolled_back', rollbackError: { error: end.rollbackError } }
    : { outcome: end.outcome }
