import type { BoundSession } from './bound-session.ts'
import type { DriverCursor, DriverTransaction } from './session-driver.ts'
import type { TransactionWatch } from './session-scope.ts'

/** A value that was thrown, boxed: `undefined` can be thrown too. */
export interface Thrown {
  readonly error: unknown
}

/** What all scopes on one transaction's connection share. */
export interface ConnectionState {
  readonly connection: DriverTransaction
  lost: Thrown | undefined
  openStream: DriverCursor | undefined
  savepoints: number
  /** Woken when a statement or savepoint ends, or the connection is lost. */
  waiting: (() => void)[]
}

/** One transaction, or one savepoint in it. */
export interface TransactionState {
  readonly on: ConnectionState
  readonly parent: TransactionState | undefined
  readonly watch: TransactionWatch | undefined
  ended: boolean
  /** Statements under way, those of savepoints included. */
  running: number
  savepointOpen: boolean
  firstError: Thrown | undefined
}

export const openConnection = (connection: DriverTransaction): ConnectionState => ({
  connection,
  lost: undefined,
  openStream: undefined,
  savepoints: 0,
  waiting: [],
})

export const openState = (
  on: ConnectionState,
  parent: TransactionState | undefined,
  watch: TransactionWatch | undefined,
): TransactionState => ({
  on,
  parent,
  watch,
  ended: false,
  running: 0,
  savepointOpen: false,
  firstError: undefined,
})

const wake = (on: ConnectionState): void => {
  for (const awake of on.waiting.splice(0)) awake()
}

/** From now on nothing is sent. */
export const loseConnection = (on: ConnectionState, error: unknown): void => {
  on.lost ??= { error }
  wake(on)
}

const each = (state: TransactionState, visit: (state: TransactionState) => void): void => {
  for (let of: TransactionState | undefined = state; of !== undefined; of = of.parent) visit(of)
}

export const statementStarted = (state: TransactionState): void =>
  each(state, (of) => {
    if (++of.running === 1) of.watch?.busy()
  })

export const statementEnded = (state: TransactionState, call: BoundSession): void => {
  each(state, (of) => {
    if (--of.running === 0) of.watch?.idle(call)
  })
  wake(state.on)
}

export const statementsAnswered = (state: TransactionState, count: number): void =>
  each(state, (of) => of.watch?.statements(count))

export const savepointEnded = (state: TransactionState): void => {
  state.savepointOpen = false
  wake(state.on)
}

const untilWoken = (on: ConnectionState): Promise<void> =>
  new Promise((resolve) => {
    on.waiting.push(resolve)
  })

/**
 * Waits for statements and savepoints that were started and not awaited, since they would land after COMMIT, and closes a stream
 * that was left open. A lost connection ends the wait.
 */
export const untilQuiet = async (state: TransactionState): Promise<void> => {
  const { on } = state
  while (on.lost === undefined) {
    if (state.running > 0 || state.savepointOpen) await untilWoken(on)
    else if (on.openStream !== undefined) await on.openStream.close().catch((error) => loseConnection(on, error))
    else return
  }
}
