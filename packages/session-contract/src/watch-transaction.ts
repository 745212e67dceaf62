import { createTracker, type Session, type TransactionEvent } from '@pgtally/core'

export interface WatchedTransaction {
  /** Absent where the transaction resolved. */
  readonly rejection?: { readonly reason: unknown }
  /** What a tracker reported, once for each transaction. */
  readonly events: readonly TransactionEvent[]
}

/** Runs a tracked transaction to its end, and returns what it came to and what was reported of it. Never rejects. */
export async function watchTransaction(
  session: Session,
  work: (transaction: Session) => Promise<unknown>,
): Promise<WatchedTransaction> {
  const events: TransactionEvent[] = []
  const tracker = createTracker({ observers: [{ transactionEnded: (event) => void events.push(event) }] })
  const tracked = tracker.withTransactionTracking(work, { operation: 'session_law' })
  return tracked(session).then(
    () => ({ events }),
    (reason: unknown) => ({ events, rejection: { reason } }),
  )
}
