import type { Session, TransactionOptions } from '../session/session.ts'
import type { QueryTrackingOptions, TransactionTrackingOptions } from './tracking-options.ts'

type AnyFunction = (...args: never[]) => unknown

type RestOf<F extends AnyFunction> =
  Parameters<F> extends [] ? [] : Parameters<F> extends [unknown?, ...infer Rest] ? Rest : never

/** F itself where a plain promise is what F promises; otherwise (a lazy query) the same call with a plain promise. */
export type Tracked<F extends AnyFunction> =
  Promise<never> extends ReturnType<F>
    ? F
    : (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>

type RowOf<F extends AnyFunction> = ReturnType<F> extends AsyncIterable<infer Row> ? Row : never

/** F itself where an async generator is what F may return; otherwise (a stream class) the same call with an async iterable. */
export type TrackedStream<F extends AnyFunction> =
  AsyncGenerator<never, never, unknown> extends ReturnType<F>
    ? F
    : (this: ThisParameterType<F>, ...args: Parameters<F>) => AsyncIterable<RowOf<F>>

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

// Of each signature's overloads the first give a parameter without a type a Session, then `never`, so that it is never `any`; those
// with `any` come last and take functions with a generic rest parameter. TypeScript 5 explains an error once where there are
// four or more overloads, and once for each where there are fewer.

export interface WithQueryTracking {
  <F extends (session: Session, ...rest: never[]) => Promise<unknown>>(
    fn: F,
    options: QueryTrackingOptions<Awaited<ReturnType<F>>>,
  ): Tracked<F>
  <F extends (...args: never[]) => Promise<unknown>>(
    fn: F,
    options: QueryTrackingOptions<Awaited<ReturnType<F>>>,
  ): Tracked<F>
  <F extends (session: Session, ...rest: any[]) => Promise<unknown>>(
    fn: F,
    options: QueryTrackingOptions<Awaited<ReturnType<F>>>,
  ): Tracked<F>
  <F extends (...args: any[]) => Promise<unknown>>(
    fn: F,
    options: QueryTrackingOptions<Awaited<ReturnType<F>>>,
  ): Tracked<F>
}

export interface WithStreamTracking {
  <F extends (session: Session, ...rest: never[]) => AsyncIterable<unknown>>(
    fn: F,
    options: QueryTrackingOptions<RowOf<F>>,
  ): TrackedStream<F>
  <F extends (...args: never[]) => AsyncIterable<unknown>>(
    fn: F,
    options: QueryTrackingOptions<RowOf<F>>,
  ): TrackedStream<F>
  <F extends (session: Session, ...rest: any[]) => AsyncIterable<unknown>>(
    fn: F,
    options: QueryTrackingOptions<RowOf<F>>,
  ): TrackedStream<F>
  <F extends (...args: any[]) => AsyncIterable<unknown>>(
    fn: F,
    options: QueryTrackingOptions<RowOf<F>>,
  ): TrackedStream<F>
}

/** A Session takes the options of a transaction; another database would drop some of them in silence. */
type OptionsOn<Transaction> = TransactionTrackingOptions & {
  readonly transact?: undefined
} & (Session extends Transaction ? TransactionOptions : unknown)

/** What `work` runs in; unknown where it does not say. */
type TransactionOf<F extends AnyFunction> = F extends (transaction: infer Transaction, ...rest: any[]) => unknown
  ? Transaction
  : never

/** What becomes of `work`: F itself where it asks for a whole Session. */
/** What `withTransactionTracking` makes of a function whose first parameter is a Session, or part of one. */
export type TrackedTransaction<F extends AnyFunction> =
  Session extends TransactionOf<F>
    ? TransactionOf<F> extends Session
      ? Tracked<F>
      : OnDatabase<F, Session>
    : OnDatabase<F, Transactional<TransactionOf<F>>>

export interface WithTransactionTracking {
  <F extends (transaction: Session, ...rest: never[]) => Promise<unknown>>(
    work: F,
    options: OptionsOn<Session>,
  ): TrackedTransaction<F>
  <F extends (transaction: never, ...rest: never[]) => Promise<unknown>, Database>(
    work: F,
    options: TransactionTrackingOptions & {
      // `any`: a library's own return type must not have to match.
      readonly transact: (
        database: Database,
        work: (transaction: Parameters<F>[0]) => Promise<any>,
      ) => PromiseLike<unknown>
    },
  ): OnDatabase<F, Database>
  <F extends (transaction: any, ...rest: never[]) => Promise<unknown>>(
    work: F,
    options: OptionsOn<TransactionOf<F>>,
  ): TrackedTransaction<F>
  <F extends (transaction: any, ...rest: any[]) => Promise<unknown>>(
    work: F,
    options: OptionsOn<TransactionOf<F>>,
  ): TrackedTransaction<F>
}
