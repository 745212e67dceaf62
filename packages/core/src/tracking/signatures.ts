import type { Session, TransactionOptions } from '../session/session.ts'
import type { QueryTrackingOptions, TransactionTrackingOptions } from './tracking-options.ts'

type AnyFunction = (...args: never[]) => unknown

type RestOf<F extends AnyFunction> =
  Parameters<F> extends [] ? [] : Parameters<F> extends [unknown?, ...infer Rest] ? Rest : never

/** F itself where a plain promise is what F promises; otherwise (a lazy query) the same call with a plain promise. */
export type Tracked<F extends AnyFunction> =
  Promise<Awaited<ReturnType<F>>> extends ReturnType<F>
    ? F
    : (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>

/** F itself where an async generator is what F may return; otherwise (a stream class) the same call with an async iterable. */
export type TrackedStream<F extends AnyFunction> =
  AsyncGenerator<never, never, unknown> extends ReturnType<F>
    ? F
    : (
        this: ThisParameterType<F>,
        ...args: Parameters<F>
      ) => AsyncIterable<ReturnType<F> extends AsyncIterable<infer Row> ? Row : never>

/**
 * Anything that runs work in a transaction of its own kind: a Session, Drizzle, Knex, TypeORM's DataSource, Sequelize, PGlite.
 */
export interface Transactional<Transaction> {
  // A property, not a method: methods are compared bivariantly. `never` makes every library's own options assignable.
  readonly transaction: <Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: never,
  ) => Promise<Result>
}

type OnDatabase<F extends AnyFunction, Database> = (
  this: ThisParameterType<F>,
  database: Database,
  ...rest: RestOf<F>
) => Promise<Awaited<ReturnType<F>>>

export interface WithQueryTracking {
  <F extends (session: Session, ...rest: never[]) => Promise<unknown>>(fn: F, options: QueryTrackingOptions): Tracked<F>
  <F extends (...args: never[]) => Promise<unknown>>(fn: F, options: QueryTrackingOptions): Tracked<F>
}

export interface WithStreamTracking {
  <F extends (session: Session, ...rest: never[]) => AsyncIterable<unknown>>(
    fn: F,
    options: QueryTrackingOptions,
  ): TrackedStream<F>
  <F extends (...args: never[]) => AsyncIterable<unknown>>(fn: F, options: QueryTrackingOptions): TrackedStream<F>
}

export interface WithTransactionTracking {
  <F extends (transaction: Session, ...rest: never[]) => Promise<unknown>>(
    work: F,
    options: TransactionTrackingOptions & TransactionOptions & { transact?: undefined },
  ): Parameters<F>[0] extends Session ? Tracked<F> : OnDatabase<F, Session>
  <F extends (transaction: never, ...rest: never[]) => Promise<unknown>, Database>(
    work: F,
    options: TransactionTrackingOptions & {
      // `any`: a library's own return type must not have to match.
      transact: (database: Database, work: (transaction: Parameters<F>[0]) => Promise<any>) => PromiseLike<unknown>
    },
  ): OnDatabase<F, Database>
  <F extends (transaction: never, ...rest: never[]) => Promise<unknown>>(
    work: F,
    options: TransactionTrackingOptions & { transact?: undefined },
  ): OnDatabase<F, Transactional<Parameters<F>[0]>>
}
