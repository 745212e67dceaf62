import {
  createTracker,
  type QueryTrackingOptions,
  type Session,
  withQueryTracking,
  withStreamTracking,
  withTransactionTracking,
} from '@pgtally/core'
import { TrackQuery, TrackTransaction } from '@pgtally/core/decorators'

// What a library that emits declarations may export without naming a type of ours.

export interface User {
  readonly id: number
}

export const findUser = withQueryTracking(
  async (session, id: number, name?: string) =>
    (await session.query<User>('select * from users where id = $1 or name = $2', [id, name])).rows[0],
  { operation: 'find_user', table: 'users' },
)
export const find = withQueryTracking(
  async <Row extends User>(session: Session, text: string) => (await session.query<Row>(text)).rows,
  { operation: 'find' },
)

export declare class PendingQuery<Row> extends Promise<Row[]> {
  cursor(): AsyncIterable<Row>
}
declare function lazily(session: Session, id: number): PendingQuery<User>
export const lazyUsers = withQueryTracking(lazily, { operation: 'lazy_users' })

export const users = withStreamTracking((session) => session.stream<User>('select * from users'), {
  operation: 'users',
})
export const transfer = withTransactionTracking(
  async (transaction, from: number, to = 1) => (await transaction.query('update', [from, to])).rowCount,
  { operation: 'transfer', isolationLevel: 'serializable' },
)

export interface EntityManager {
  save(entity: object): Promise<void>
}
export interface DataSource {
  transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result>
}
export const save = withTransactionTracking(async (manager: EntityManager, entity: User) => manager.save(entity), {
  operation: 'save',
})
export const saveAlone = withTransactionTracking(async (manager: EntityManager, entity: User) => manager.save(entity), {
  operation: 'save_alone',
  transact: (source: DataSource, work) => source.transaction(work),
})

export const tracked = <Fn extends (session: Session, ...rest: never[]) => Promise<unknown>>(
  fn: Fn,
  options: Omit<QueryTrackingOptions, 'service'>,
) => withQueryTracking(fn, { ...options, service: 'accounts' })
export const streamed = <Fn extends (session: Session, ...rest: never[]) => AsyncIterable<unknown>>(fn: Fn) =>
  withStreamTracking(fn, { operation: 'streamed' })
export const inTransaction = <Fn extends (transaction: Session, ...rest: never[]) => Promise<unknown>>(work: Fn) =>
  withTransactionTracking(work, { operation: 'in_transaction' })

export const tracker = createTracker({ service: 'accounts' })
export const ownWrapper = tracker.withTransactionTracking

export class Users {
  @TrackQuery({ operation: 'count' })
  async count(session: Session): Promise<number> {
    return (await session.query('select')).rows.length
  }

  @TrackTransaction({ operation: 'add' })
  async add(transaction: Session, user: User): Promise<User> {
    await transaction.query('insert', [user.id])
    return user
  }
}

/** A setting that may be absent is passed on, with and without exactOptionalPropertyTypes. */
export const forTable = (table: string | undefined, slowThresholdMs?: number) =>
  withQueryTracking(async (session) => (await session.query('select')).rows, {
    operation: 'for_table',
    table,
    slowThresholdMs,
    service: undefined,
  })
