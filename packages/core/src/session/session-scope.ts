import type { TransactionIdentity } from '../events/query-event.ts'
import type { BoundSession } from './bound-session.ts'
import type { ForeignWork } from './foreign-work.ts'
import type { QueryOptions, QueryResult, Session, StreamOptions, TransactionOptions } from './session.ts'
import type { DriverTransaction, SessionDriver } from './session-driver.ts'

/** What the Sessions of one database, or of one transaction, have in common: every binding of it sends its statements here. */
export interface SessionScope {
  readonly driver: SessionDriver
  /** The open transaction's connection; absent outside one. */
  readonly connection: DriverTransaction | undefined
  /** 0 outside a transaction and in it, then the nesting level of the savepoint. */
  readonly depth: number
  /** The tracked transaction that this is, or that it is a savepoint of. */
  tracked: TransactionIdentity | undefined
  /** Where what runs beside this transaction is counted; absent without `asyncContext`. */
  foreign: ForeignWork | undefined
  /** Called by the first tracked call on it; absent from then on. */
  firstTracked: (() => void) | undefined
  /** The binding without a call: stands for the scope in `sessionIdentity`. */
  readonly session: BoundSession
  query(
    call: BoundSession,
    text: string,
    values: readonly unknown[] | undefined,
    options: QueryOptions | undefined,
  ): Promise<QueryResult<unknown>>
  stream(
    call: BoundSession,
    text: string,
    values: readonly unknown[] | undefined,
    options: StreamOptions | undefined,
  ): AsyncIterable<unknown>
  transaction<Result>(
    call: BoundSession,
    work: (transaction: Session) => Promise<Result>,
    options: TransactionOptions | undefined,
    watch?: TransactionWatch,
  ): Promise<Result>
}

/** Whoever tracks a transaction learns its course from this. */
export interface TransactionWatch {
  /** It is open; `work` is about to start. */
  began(scope: SessionScope): void
  /** A statement was sent when none was under way. */
  busy(): void
  /** None is under way any more; `call` was the last one's. */
  idle(call: BoundSession): void
  /** Statements of it that were answered. */
  statements(count: number): void
  /** `work` is over, and so is what it left running. */
  workEnded(): void
  ended(end: WatchedEnd): void
}

export interface WatchedEnd {
  readonly outcome: 'committed' | 'rolled_back' | 'unknown'
  /** What a failing ROLLBACK said. */
  readonly rollbackError?: { readonly error: unknown }
}
