import type { QueryEvent } from './query-event.ts'
import type { TransactionEvent, TransactionIdleEvent } from './transaction-event.ts'

/**
 * Somebody who is told what tracked calls did. It cannot hurt the caller: what it throws or rejects with is counted and goes to
 * `onMonitorError`, and nobody waits for it. Tracked calls that it makes synchronously are tallied, not reported.
 */
export interface Observer {
  /**
   * Only calls that were slow or did not succeed (expected errors, and every transaction that is not committed, among them). Such an
   * observer costs nothing on other calls.
   */
  readonly only?: 'slow-or-failed'
  /** Keeps the raw text of each call's longest statement until the call ended, for `event.statementText`. */
  readonly needsStatementText?: true
  queryEnded?(event: QueryEvent): unknown
  transactionEnded?(event: TransactionEvent): unknown
  /** At most once per transaction, and only while `idleTransactionWarningMs` is set. */
  transactionIdle?(event: TransactionIdleEvent): unknown
}
