import { expectTypeOf } from 'vitest'
import { createTracker, type Session, type Transactional, withTransactionTracking } from '../index.ts'

declare const session: Session
/** Also of functions whose type parameters `toEqualTypeOf` can't compare. */
type Same<One, Other> =
  (<Type>() => Type extends One ? 1 : 2) extends <Type>() => Type extends Other ? 1 : 2 ? true : false
const options = { operation: 'transfer', service: 'accounts' }

// On a Session: the work's own type comes back.

const work = async (transaction: Session, from: number, to = 1, ...amounts: number[]) => [
  transaction,
  from,
  to,
  amounts,
]
expectTypeOf(withTransactionTracking(work, options)).toEqualTypeOf<typeof work>()

const generic = async <Row extends object>(transaction: Session, rows: Row[]): Promise<Row | undefined> =>
  (await transaction.query<Row>('insert', rows)).rows[0]
const trackedGeneric = withTransactionTracking(generic, options)
expectTypeOf<Same<typeof trackedGeneric, typeof generic>>().toEqualTypeOf<true>()
expectTypeOf(trackedGeneric(session, [{ id: 1 }])).toEqualTypeOf<Promise<{ id: number } | undefined>>()

declare function overloaded(transaction: Session, id: number): Promise<number>
declare function overloaded(transaction: Session, name: string): Promise<string>
expectTypeOf(withTransactionTracking(overloaded, options)).toEqualTypeOf<typeof overloaded>()

declare function withThis(this: { readonly clock: () => Date }, transaction: Session): Promise<Date>
expectTypeOf(withTransactionTracking(withThis, options)).toEqualTypeOf<typeof withThis>()

const unannotated = withTransactionTracking(
  async (transaction, id = 3) => {
    expectTypeOf(transaction).toEqualTypeOf<Session>()
    return id
  },
  { ...options, isolationLevel: 'serializable', readOnly: true, deferrable: true },
)
expectTypeOf(unannotated).toEqualTypeOf<(transaction: Session, id?: number) => Promise<number>>()
withTransactionTracking(async (_transaction, id) => {
  expectTypeOf(id).toBeNever()
}, options)
// @ts-expect-error: no such method of a Session
withTransactionTracking(async (transaction) => transaction.qeury('select 1'), options)

const byParts = <Rest extends unknown[], Result>(fn: (transaction: Session, ...rest: Rest) => Promise<Result>) =>
  withTransactionTracking(fn, { operation: 'x', isolationLevel: 'serializable' })
expectTypeOf(byParts(work)).toEqualTypeOf<typeof work>()

// Work that asks for less than a Session needs a whole one all the same.

const withoutParameters = withTransactionTracking(async () => 3, { ...options, readOnly: true })
expectTypeOf(withoutParameters).parameters.toEqualTypeOf<[database: Session]>()
const partOfSession = withTransactionTracking(async (transaction: Pick<Session, 'query'>) => transaction.query('x'), {
  ...options,
  isolationLevel: 'repeatable read',
})
expectTypeOf(partOfSession).parameters.toEqualTypeOf<[database: Session]>()
// @ts-expect-error: this can't begin a transaction
partOfSession({ query: session.query })
// @ts-expect-error: nor can nothing
withoutParameters()

// @ts-expect-error: a number
withTransactionTracking((_transaction: Session) => 3, options)
// @ts-expect-error: nothing
withTransactionTracking((_transaction: Session) => {}, options)
// @ts-expect-error: no operation
withTransactionTracking(work, { service: 'accounts' })
// @ts-expect-error: no table: a transaction has none
withTransactionTracking(work, { operation: 'x', table: 'accounts' })
// @ts-expect-error: no such level
withTransactionTracking(work, { operation: 'x', isolationLevel: 'serialisable' })
// @ts-expect-error: no such level, and the parameter without a type is still a Session
withTransactionTracking(async (transaction) => transaction.query('x'), { operation: 'x', isolationLevel: 'chaos' })
withTransactionTracking(work, { operation: 'x', service: undefined, slowThresholdMs: undefined, transact: undefined })

expectTypeOf(createTracker().withTransactionTracking).toEqualTypeOf(withTransactionTracking)

// On other databases. Each type has the shape of the library's own, as far as transactions go.

type IsolationLevel = 'READ COMMITTED' | 'SERIALIZABLE'

declare class DrizzleDatabase<Driver extends string> {
  readonly driver: Driver
  execute(text: string): Promise<unknown>
  transaction<Result>(
    work: (transaction: DrizzleTransaction<Driver>) => Promise<Result>,
    config?: { isolationLevel?: 'read committed' | 'serializable'; accessMode?: 'read only' | 'read write' },
  ): Promise<Result>
}
declare class DrizzleTransaction<Driver extends string> extends DrizzleDatabase<Driver> {
  rollback(): never
}
declare class EntityManager {
  save<Entity>(entity: Entity): Promise<Entity>
  transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result>
  transaction<Result>(level: IsolationLevel, work: (manager: EntityManager) => Promise<Result>): Promise<Result>
}
declare class DataSource {
  readonly manager: EntityManager
  transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result>
  transaction<Result>(level: IsolationLevel, work: (manager: EntityManager) => Promise<Result>): Promise<Result>
}
interface Knex {
  (table: string): PromiseLike<object[]>
  transaction(config?: { isolationLevel?: string }): Promise<KnexTransaction>
  transaction<Result>(
    work: (transaction: KnexTransaction) => Promise<Result> | undefined,
    config?: { isolationLevel?: string; readOnly?: boolean },
  ): Promise<Result>
}
interface KnexTransaction extends Knex {
  commit(): Promise<void>
}
declare class SequelizeTransaction {
  afterCommit(hook: () => void): void
}
declare class Sequelize {
  transaction<Result>(work: (transaction: SequelizeTransaction) => PromiseLike<Result>): Promise<Result>
  transaction<Result>(
    config: { isolationLevel?: string },
    work: (transaction: SequelizeTransaction) => PromiseLike<Result>,
  ): Promise<Result>
  transaction(config?: { isolationLevel?: string }): Promise<SequelizeTransaction>
}
interface PgliteTransaction {
  exec(text: string): Promise<unknown>
  rollback(): Promise<void>
}
declare class PGlite {
  exec(text: string): Promise<unknown>
  transaction<Result>(work: (transaction: PgliteTransaction) => Promise<Result>): Promise<Result>
}

declare const drizzle: DrizzleDatabase<'node-postgres'>
declare const otherDrizzle: DrizzleDatabase<'postgres-js'>
declare const outer: DrizzleTransaction<'node-postgres'>
declare const dataSource: DataSource
declare const knex: Knex
declare const knexTransaction: KnexTransaction
declare const sequelize: Sequelize
declare const pglite: PGlite

const onDrizzle = withTransactionTracking(
  async (transaction: DrizzleTransaction<'node-postgres'>, id: number, note?: string) =>
    [await transaction.execute('x'), id, note] as const,
  options,
)
expectTypeOf(onDrizzle(drizzle, 1)).toEqualTypeOf<Promise<readonly [unknown, number, string | undefined]>>()
onDrizzle(outer, 1, 'savepoint')
type OfDrizzle = Parameters<Parameters<typeof drizzle.transaction>[0]>[0]
withTransactionTracking(async (transaction: OfDrizzle) => transaction.execute('x'), options)(drizzle)
withTransactionTracking(async (transaction: typeof drizzle) => transaction.execute('x'), options)(drizzle)

const onTypeOrm = withTransactionTracking(
  async (manager: EntityManager, entity: { id: number }) => manager.save(entity),
  options,
)
expectTypeOf(onTypeOrm(dataSource, { id: 1 })).toEqualTypeOf<Promise<{ id: number }>>()
onTypeOrm(dataSource.manager, { id: 1 })

const onKnex = withTransactionTracking(async (transaction: KnexTransaction) => transaction('x').then(), options)
expectTypeOf(onKnex(knex)).toEqualTypeOf<Promise<object[]>>()
onKnex(knexTransaction)
withTransactionTracking(async (transaction: Knex) => transaction('x'), options)(knex)

expectTypeOf(
  withTransactionTracking(async (_transaction: SequelizeTransaction, id: number) => id, options)(sequelize, 1),
).toEqualTypeOf<Promise<number>>()
expectTypeOf(
  withTransactionTracking(async (transaction: PgliteTransaction) => transaction.exec('x'), options),
).parameters.toEqualTypeOf<[Transactional<PgliteTransaction>]>()
withTransactionTracking(async (transaction: PgliteTransaction) => transaction.exec('x'), options)(pglite)

withTransactionTracking(async (_transaction: PgliteTransaction, id) => {
  expectTypeOf(id).toBeNever()
}, options)

// Pairs that don't fit.

// @ts-expect-error: of another driver
onDrizzle(otherDrizzle, 1)
// @ts-expect-error: a Session
onDrizzle(session, 1)
// @ts-expect-error: no database
onDrizzle(3, 1)
// @ts-expect-error: the rest keeps its types
onDrizzle(drizzle, '1')
// @ts-expect-error: Drizzle is no Session
withTransactionTracking(work, options)(drizzle, 1)
// @ts-expect-error: PGlite's transaction is not TypeORM's
onTypeOrm(pglite, { id: 1 })
declare const withoutCommit: { transaction<Result>(work: (transaction: Knex) => Promise<Result>): Promise<Result> }
// @ts-expect-error: its transactions can't commit
onKnex(withoutCommit)
// @ts-expect-error: a pool has no transaction(work)
onKnex({ connect: async () => knexTransaction })
// @ts-expect-error: no promise
withTransactionTracking((_transaction: KnexTransaction) => 3, options)

// What these would drop in silence is refused.

const foreign = async (manager: EntityManager) => manager
// @ts-expect-error: only a Session takes it
withTransactionTracking(foreign, { operation: 'x', isolationLevel: 'serializable' })
// @ts-expect-error: only a Session takes it
withTransactionTracking(foreign, { operation: 'x', readOnly: true })
// @ts-expect-error: only a Session takes it
withTransactionTracking(foreign, { operation: 'x', deferrable: true })

// In the database's own words.

const serializable = withTransactionTracking(async (manager: EntityManager, id: number) => [manager, id] as const, {
  operation: 'x',
  transact(source: DataSource, work) {
    expectTypeOf(work).toEqualTypeOf<(transaction: EntityManager) => Promise<any>>()
    return source.transaction('SERIALIZABLE', work)
  },
})
expectTypeOf(serializable).toEqualTypeOf<
  (this: unknown, database: DataSource, id: number) => Promise<readonly [EntityManager, number]>
>()
withTransactionTracking(async (transaction: DrizzleTransaction<'node-postgres'>) => transaction.execute('x'), {
  operation: 'x',
  transact: (database: typeof drizzle, work) =>
    database.transaction(work, { isolationLevel: 'serializable', accessMode: 'read only' }),
})(drizzle)

interface Kysely {
  transaction(): {
    setIsolationLevel(level: string): {
      execute<Result>(work: (transaction: KyselyTransaction) => Promise<Result>): Promise<Result>
    }
  }
}
interface KyselyTransaction extends Kysely {
  readonly isTransaction: true
}
declare const kysely: Kysely
const onKysely = withTransactionTracking(async (transaction: KyselyTransaction, id: number) => [transaction, id], {
  operation: 'x',
  transact: (database: Kysely, work) => database.transaction().setIsolationLevel('serializable').execute(work),
})
onKysely(kysely, 1)
// @ts-expect-error: without transact, Kysely can't be asked
withTransactionTracking(async (transaction: KyselyTransaction) => transaction, options)(kysely)

interface Sql {
  begin<Result>(mode: string, work: (transaction: SqlTransaction) => Result | Promise<Result>): Promise<Result>
}
interface SqlTransaction {
  savepoint(): void
}
declare const sql: Sql
withTransactionTracking(async (_transaction: SqlTransaction, id: number) => id, {
  operation: 'x',
  transact: (database: Sql, work) => database.begin('isolation level serializable', work),
})(sql, 1)

withTransactionTracking(foreign, {
  operation: 'x',
  // @ts-expect-error: no level of TypeORM
  transact: (source: DataSource, work) => source.transaction('CHAOS', work),
})
withTransactionTracking(foreign, {
  operation: 'x',
  // @ts-expect-error: its promise is thrown away
  transact: (source: DataSource, work) => void source.transaction(work),
})
withTransactionTracking(foreign, {
  operation: 'x',
  // @ts-expect-error: said twice
  transact: (source: DataSource, work) => source.transaction(work),
  readOnly: true,
})
// @ts-expect-error: transact takes a DataSource
serializable(kysely, 1)
