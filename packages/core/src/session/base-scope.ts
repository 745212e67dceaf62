import { BoundSession } from './bound-session.ts'
import { driverCallOf, meterCall } from './call-meter.ts'
import { noteForeignWork } from './foreign-work.ts'
import type { Pools } from './pools.ts'
import { readRows } from './read-rows.ts'
import { refuseBatchSize, refuseStatement } from './refuse-statement.ts'
import { runStatement } from './run-statement.ts'
import { runTransaction } from './run-transaction.ts'
import { defaultBatchSize } from './session.ts'
import type { DriverStatement, SessionDriver } from './session-driver.ts'
import type { SessionScope } from './session-scope.ts'

/**
 * Statements on a database outside a transaction, each on a connection of its own. The first tracked call publishes the numbers of
 * its pool.
 */
export const createBaseScope = (driver: SessionDriver, pools: Pools): SessionScope => {
  const seesWait = driver.capabilities.poolWait
  const scope: SessionScope = {
    driver,
    connection: undefined,
    depth: 0,
    tracked: undefined,
    foreign: undefined,
    firstTracked() {
      scope.firstTracked = undefined
      if (driver.pool !== undefined) pools.register(driver.pool)
    },
    get session() {
      return session
    },
    query(call, text, values, options) {
      const refused = refuseStatement(text, values, options?.signal)
      if (refused !== undefined) return Promise.reject(refused.error)
      noteForeignWork(driver)
      const meter = meterCall(call, text, seesWait)
      const send = (statement: DriverStatement) => driver.query(statement, driverCallOf(meter))
      return runStatement(text, values, options, meter, undefined, send)
    },
    stream(call, text, values, options) {
      const refused = refuseStatement(text, values, options?.signal) ?? refuseBatchSize(options?.batchSize)
      const open = () => {
        if (refused !== undefined) throw refused.error
        noteForeignWork(driver)
        return driver.stream(
          { text, values, name: undefined, singleStatement: true },
          options?.batchSize ?? defaultBatchSize,
          driverCallOf(meter),
        )
      }
      const meter = meterCall(call, text, seesWait)
      return readRows(open, meter, undefined, options?.signal)
    },
    transaction: (call, work, options, watch) => runTransaction(driver, call, work, options, watch),
  }
  const session = new BoundSession(scope)
  return scope
}
