import type { ErrorKind } from '../errors/error-kind.ts'

/** Which tracked transaction a call ran in. */
export interface TransactionIdentity {
  readonly id: string
  readonly operation: string
}

/**
 * One call of a tracked function, after it ended. Frozen. A fact that cannot be known is absent, never 0.
 *
 * `statementCount`, `rowCount` and `poolWaitMs` need a Session as the function's first argument (or `asyncContext`).
 */
export interface QueryEvent {
  readonly operation: string
  readonly table?: string
  readonly service?: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** As the caller saw it: waiting for a connection and for the event loop included. Of a stream: the time inside `next()`. */
  readonly durationMs: number
  readonly outcome: 'success' | 'error' | 'expected_error'
  /** What the function threw, the same value. Not enumerable, so that no serialiser leaks it. Absent on success. */
  readonly error?: unknown
  readonly errorKind?: ErrorKind
  /** Absent where the error has none. */
  readonly sqlState?: string
  /** The duration reached the threshold, whatever the outcome. */
  readonly slow: boolean
  readonly slowThresholdMs: number
  /** BEGIN, COMMIT, ROLLBACK and SAVEPOINT left out; statements of tracked calls made inside with the same Session included. */
  readonly statementCount?: number
  readonly rowCount?: number
  /** Time spent waiting for connections, 0 where none was needed. */
  readonly poolWaitMs?: number
  /** Absent outside a tracked transaction. */
  readonly transaction?: TransactionIdentity
  /** The call's longest statement, raw. Not enumerable, and only there while an observer asks for it by `needsStatementText`. */
  readonly statementText?: string
}
