import type { ErrorKind } from '../errors/error-kind.ts'

/** One tracked transaction, or tracked savepoint, after it ended. Frozen. A fact that cannot be known is absent, never 0. */
export interface TransactionEvent {
  /** Unique in this process. */
  readonly id: string
  readonly operation: string
  readonly service?: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly durationMs: number
  /** Until `work` started, waiting for a connection included; the whole duration if it never began. */
  readonly beginMs: number
  readonly workMs: number
  /** COMMIT or ROLLBACK. */
  readonly finishMs: number
  /** Held open while no statement ran. Absent where the database is not a pgtally Session, as are the next three. */
  readonly idleMs?: number
  readonly longestIdleMs?: number
  /** Operation of the tracked call that ended before the longest idle time; absent where none did. */
  readonly longestIdleAfter?: string
  /** Statements that ran in it; BEGIN, COMMIT, ROLLBACK and SAVEPOINT left out. */
  readonly statementCount?: number
  /**
   * Statements that ran beside it while it was open, on the same database but not in it, sent by what it called: they are not
   * rolled back with it. Absent without the tracker's `asyncContext`, as is the next.
   */
  readonly foreignStatementCount?: number
  /** Tracked functions that sent them, at most 10. */
  readonly foreignOperations?: readonly string[]
  /**
   * `unknown`: the connection was lost when COMMIT may have been sent. On a database that is not a pgtally Session, `committed` means
   * that its `transaction()` resolved: nobody there reads what the server answered.
   */
  readonly outcome: 'committed' | 'rolled_back' | 'unknown'
  /** Not committed, for a reason that `expectedErrors` names. */
  readonly expected: boolean
  /** `rollbackReason` when rolled back, `outcome_unknown` when unknown, absent when committed. */
  readonly errorKind?: ErrorKind
  /** Present exactly when rolled back. */
  readonly rollbackReason?: ErrorKind
  /** A ROLLBACK that failed; the connection was then destroyed. */
  readonly rollbackErrorKind?: ErrorKind
  /** What the call rejected with, the same value. Not enumerable. */
  readonly error?: unknown
  readonly sqlState?: string
  readonly slow: boolean
  readonly slowThresholdMs: number
  /** 0, or the nesting level of a savepoint. */
  readonly depth: number
}

/** A tracked transaction that is still open and has been idle for longer than `idleTransactionWarningMs`. */
export interface TransactionIdleEvent {
  readonly id: string
  readonly operation: string
  readonly service?: string
  /** Since its last statement ended, or since it began. */
  readonly idleMs: number
  /** Since it began. */
  readonly openMs: number
  /** Operation of the tracked call that ended last; absent where none did. */
  readonly idleAfter?: string
}
