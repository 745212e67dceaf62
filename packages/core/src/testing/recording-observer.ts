import type { Observer } from '../events/observer.ts'
import type { QueryEvent } from '../events/query-event.ts'
import type { TransactionEvent, TransactionIdleEvent } from '../events/transaction-event.ts'

export interface RecordingObserver extends Observer {
  readonly queries: readonly QueryEvent[]
  readonly transactions: readonly TransactionEvent[]
  readonly idleTransactions: readonly TransactionIdleEvent[]
  /** Forgets what was recorded. */
  clear(): void
}

/** An observer that keeps every event in order. Options as an observer's own: `only`, `needsStatementText`. */
export const createRecordingObserver = (
  options: Pick<Observer, 'only' | 'needsStatementText'> = {},
): RecordingObserver => {
  const queries: QueryEvent[] = []
  const transactions: TransactionEvent[] = []
  const idleTransactions: TransactionIdleEvent[] = []
  return {
    ...options,
    queries,
    transactions,
    idleTransactions,
    queryEnded: (event) => void queries.push(event),
    transactionEnded: (event) => void transactions.push(event),
    transactionIdle: (event) => void idleTransactions.push(event),
    clear() {
      for (const events of [queries, transactions, idleTransactions]) events.length = 0
    },
  }
}
