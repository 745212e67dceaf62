import { createTallyError } from '../errors/tally-error.ts'
import { BoundSession } from './bound-session.ts'
import { meterCall } from './call-meter.ts'
import { readRows } from './read-rows.ts'
import { refuseBatchSize, refuseStatement } from './refuse-statement.ts'
import { refuseUse } from './refuse-use.ts'
import { runSavepoint } from './run-savepoint.ts'
import { runStatement } from './run-statement.ts'
import { defaultBatchSize } from './session.ts'
import type { DriverCursor, DriverStatement, PendingStatement, SessionDriver } from './session-driver.ts'
import type { SessionScope } from './session-scope.ts'
import type { TransactionState } from './transaction-state.ts'
import { watchStatement } from './watch-statement.ts'

const watchPending = (state: TransactionState, call: BoundSession, pending: PendingStatement): PendingStatement => ({
  result: watchStatement(state, call, pending.result),
  cancel: () => pending.cancel(),
  abandon: () => pending.abandon(),
})

const watchCursor = (state: TransactionState, call: BoundSession, cursor: DriverCursor): DriverCursor => {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    const closed = state.on.lost === undefined ? watchStatement(state, call, cursor.close()) : Promise.resolve()
    return closed.finally(() => {
      state.on.openStream = undefined
    })
  }
  const watched: DriverCursor = {
    next() {
      if (state.on.lost !== undefined || closing !== undefined) {
        return Promise.reject((refuseUse(state) ?? { error: closedStream() }).error)
      }
      return watchStatement(state, call, cursor.next())
    },
    close: () => (closing ??= close()),
    cancel: () => cursor.cancel(),
    abandon: () => cursor.abandon(),
  }
  state.on.openStream = watched
  return watched
}

const closedStream = () =>
  createTallyError('PGTALLY_TRANSACTION_CLOSED', 'The stream was closed with its transaction. Read it inside the work.')

/** Statements inside one transaction or savepoint: all on its connection, none after its end. */
export const createTransactionScope = (driver: SessionDriver, state: TransactionState, depth: number): SessionScope => {
  const { connection } = state.on
  const refuse = (text: unknown, values: unknown, signal: AbortSignal | undefined) =>
    refuseUse(state) ?? refuseStatement(text, values, signal)
  const scope: SessionScope = {
    driver,
    connection,
    depth,
    tracked: undefined,
    foreign: undefined,
    firstTracked: undefined,
    get session() {
      return session
    },
    query(call, text, values, options) {
      const refused = refuse(text, values, options?.signal)
      if (refused !== undefined) return Promise.reject(refused.error)
      const send = (statement: DriverStatement) => watchPending(state, call, connection.query(statement))
      return runStatement(text, values, options, meterCall(call, text, false), state, send)
    },
    stream(call, text, values, options) {
      const open = () => {
        const refused = refuse(text, values, options?.signal) ?? refuseBatchSize(options?.batchSize)
        if (refused !== undefined) throw refused.error
        const statement = { text, values, name: undefined, singleStatement: true }
        return watchCursor(state, call, connection.stream(statement, options?.batchSize ?? defaultBatchSize))
      }
      return readRows(open, meterCall(call, text, false), state, options?.signal)
    },
    transaction(call, work, options, watch) {
      const open = (savepoint: TransactionState) => {
        const inner = createTransactionScope(driver, savepoint, depth + 1)
        inner.tracked = scope.tracked
        return inner
      }
      return runSavepoint(state, call, work, options, watch, open)
    },
  }
  const session = new BoundSession(scope)
  return scope
}
