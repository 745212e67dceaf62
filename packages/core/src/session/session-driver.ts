import type { SessionCapabilities, TransactionOptions } from './session.ts'

/** One text to send, already checked: it holds no transaction control. */
export interface DriverStatement {
  readonly text: string
  /** Absent where the caller gave none: then the text may hold several statements. */
  readonly values: readonly unknown[] | undefined
  /** Name of the prepared statement to make or reuse. */
  readonly name: string | undefined
  /** Use the extended protocol even without values, so that the server refuses a second statement. */
  readonly singleStatement: boolean
}

export interface DriverResult {
  /** Of the last statement of the text, the driver's own objects. */
  readonly rows: unknown[]
  /** Of the last statement; absent where the server reports none. */
  readonly rowCount: number | undefined
  /** First word of the last statement's command tag. */
  readonly command: string | undefined
  /** How many statements the text held (1, or the number of its results). */
  readonly statementCount: number
  /** Sum over all statements of the text; absent where none reports a count. */
  readonly totalRowCount: number | undefined
}

/** A statement under way. It was started when it was made. */
export interface PendingStatement {
  /** Native promise; rejects with the driver's own error. */
  readonly result: Promise<DriverResult>
  /** Asks the server to cancel it, or gives up waiting for a connection. Called at most once; never throws. */
  cancel(): void
  /** The server did not answer in time: destroys the connection if the adapter checked it out itself. Never throws. */
  abandon(): void
}

/** An open cursor. Its statement is sent at the first `next`. */
export interface DriverCursor {
  /** The next rows, at most `batchSize`; empty at the end. */
  next(): Promise<readonly unknown[]>
  /** Closes it, at the end or before; idempotent. Rejects only where the connection was lost. */
  close(): Promise<void>
  cancel(): void
  abandon(): void
}

/** The connection of one open transaction. Statements sent to it run in call order, one at a time. */
export interface DriverTransaction {
  query(statement: DriverStatement): PendingStatement
  stream(statement: DriverStatement, batchSize: number): DriverCursor
  /** At its end the connection is destroyed, not returned (nothing where there is only one backend). */
  discard(): void
}

/** What core tells the driver to do when `work` is over: `abandon` = the connection is lost, send nothing, destroy it. */
export type TransactionVerdict = 'commit' | 'rollback' | 'abandon'

/** The last that was heard of a transaction that had begun. */
export type TransactionEnd =
  /** The server answered COMMIT with the tag COMMIT. */
  | { readonly outcome: 'committed' }
  /**
   * It was rolled back: as told (then `rollbackError` is what a failing ROLLBACK said); because COMMIT was refused (`error`), or because
   * COMMIT was answered by the tag ROLLBACK (neither).
   */
  | { readonly outcome: 'rolled_back'; readonly error?: unknown; readonly rollbackError?: unknown }
  /** The connection was lost after COMMIT may have been sent. */
  | { readonly outcome: 'unknown'; readonly error: unknown }

/** What a driver reports while it works for a call. */
export interface DriverCall {
  /** A connection is there, all that follows is execution. Called at most once, where waiting can be seen. */
  connected(): void
  /** The connection of the open transaction is lost; nothing sent to it from now on can arrive. */
  lost(error: unknown): void
}

/** A pool's numbers at this moment. */
export interface PoolNumbers {
  readonly used: number
  /** Absent where the driver does not tell. */
  readonly idle: number | undefined
  /** Callers that wait for a connection. */
  readonly pending: number
  readonly limit: number | undefined
}

export interface DriverPool {
  /** The user's pool object: one name per pool object. */
  readonly pool: object
  /** Name wished for; numbered where another pool has it already. */
  readonly name: string
  read(): PoolNumbers
}

/**
 * What an adapter is made of: the things that only a driver can do. `createSession` adds what holds for all of them: closed
 * transactions, savepoints, refused transaction control, cancellation, counting.
 */
export interface SessionDriver {
  readonly capabilities: SessionCapabilities
  /** Absent where there is no pool whose numbers could be read. */
  readonly pool?: DriverPool
  /** Sends a text on a connection of its own, at once and exactly once. */
  query(statement: DriverStatement, call: DriverCall): PendingStatement
  /** Opens a cursor on a connection of its own, which goes back when the cursor is closed. */
  stream(statement: DriverStatement, batchSize: number, call: DriverCall): DriverCursor
  /**
   * Begins a transaction, calls `work` once with its connection, and does what `work`'s verdict says. `work` never rejects.
   *
   * Resolves to the server's last word. Rejects only if the transaction never began, with the driver's own error.
   */
  transaction(
    options: TransactionOptions,
    work: (connection: DriverTransaction) => Promise<TransactionVerdict>,
    call: DriverCall,
  ): Promise<TransactionEnd>
}
