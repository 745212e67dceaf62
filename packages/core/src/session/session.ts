/** What the database behind a Session can do. A fact whose capability is false is absent from events. */
export interface SessionCapabilities {
  /** Several transactions can be open at once (a pool, as against one client or an embedded database). */
  readonly concurrentTransactions: boolean
  /** The server ends statements that run past `statement_timeout`. */
  readonly statementTimeout: boolean
  /** A running statement can be cancelled on the server, so `signal` ends it there. */
  readonly cancel: boolean
  /** Waiting for a connection is seen apart from execution. */
  readonly poolWait: boolean
}

export interface QueryOptions {
  /** Makes a named prepared statement. */
  readonly name?: string | undefined
  /** Sends the text over the extended protocol, so that the server itself refuses more than one statement. */
  readonly singleStatement?: boolean | undefined
  /** Cancels the statement on the server; the promise rejects with the signal's reason once the server has answered. */
  readonly signal?: AbortSignal | undefined
}

export const defaultBatchSize = 100

export interface StreamOptions {
  /** Rows fetched at a time [100]. */
  readonly batchSize?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export const isolationLevels = ['read committed', 'repeatable read', 'serializable'] as const
export type IsolationLevel = (typeof isolationLevels)[number]

export interface TransactionOptions {
  readonly isolationLevel?: IsolationLevel | undefined
  readonly readOnly?: boolean | undefined
  /** Has an effect only for a serializable, read-only transaction, as in PostgreSQL. */
  readonly deferrable?: boolean | undefined
}

export interface QueryResult<Row> {
  /** The driver's own row objects, untouched; of a text with several statements the last one's. */
  readonly rows: Row[]
  /** Absent where the server reports none (DDL, SET). */
  readonly rowCount: number | undefined
  /** First word of the command tag, such as `SELECT`; absent for an empty text. */
  readonly command: string | undefined
}

/**
 * A database that statements can be sent to: a pool, a client, or one transaction.
 *
 * Its methods are called on the session, as those of a `Pool`: they do not survive destructuring.
 */
export interface Session {
  readonly capabilities: SessionCapabilities
  /**
   * Runs one text, once, at the call.
   *
   * @throws the driver's own error object; the signal's reason; `PGTALLY_TRANSACTION_CONTROL` for BEGIN, COMMIT and the like;
   * in a transaction also `PGTALLY_TRANSACTION_CLOSED` and `PGTALLY_STREAM_OPEN`
   */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<QueryResult<Row>>
  /** Reads rows through a cursor, no faster than they are consumed; leaving the loop early closes it. */
  stream<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: StreamOptions,
  ): AsyncIterable<Row>
  /**
   * Begins, runs `work`, and commits, or rolls back where `work` throws. Resolves only if the server answered COMMIT.
   * On a transaction's Session it is a savepoint.
   *
   * @throws what `work` threw, the same value; `PGTALLY_COMMIT_ROLLED_BACK` where the server answered COMMIT by ROLLBACK
   */
  transaction<Result>(work: (transaction: Session) => Promise<Result>, options?: TransactionOptions): Promise<Result>
}
