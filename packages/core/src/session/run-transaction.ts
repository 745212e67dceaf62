import { BoundSession } from './bound-session.ts'
import { driverCallOf, meterCall } from './call-meter.ts'
import { commitRolledBack } from './commit-rolled-back.ts'
import type { Session, TransactionOptions } from './session.ts'
import type { SessionDriver, TransactionEnd } from './session-driver.ts'
import type { TransactionWatch, WatchedEnd } from './session-scope.ts'
import { checkTransactionOptions } from './transaction-options.ts'
import { createTransactionScope } from './transaction-scope.ts'
import {
  type ConnectionState,
  loseConnection,
  openConnection,
  openState,
  type Thrown,
  untilQuiet,
} from './transaction-state.ts'

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
  let firstError: Thrown | undefined
  let failure: Thrown | undefined
  let value: Result | undefined
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
      const scope = createTransactionScope(driver, state, 0)
      watch?.began(scope)
      try {
        value = await work(BoundSession.within(call, scope))
      } catch (error) {
        failure = { error }
      }
      await untilQuiet(state)
      state.ended = true
      firstError = state.firstError
      watch?.workEnded()
      if (on.lost === undefined) return failure === undefined ? 'commit' : 'rollback'
      failure ??= on.lost
      return 'abandon'
    },
    driverCall,
  )
  watch?.ended(watchedEnd(end))
  if (failure !== undefined) throw failure.error
  if (end.outcome === 'committed') return value as Result
  if ('error' in end) throw end.error
  throw commitRolledBack(firstError)
}

const watchedEnd = (end: TransactionEnd): WatchedEnd =>
  end.outcome === 'rolled_back' && 'rollbackError' in end
    ? { outcome: 'rolled_back', rollbackError: { error: end.rollbackError } }
    : { outcome: end.outcome }
