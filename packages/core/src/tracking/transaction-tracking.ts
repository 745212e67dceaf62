import { createTallyError } from '../errors/tally-error.ts'
import { notifying } from '../events/notify.ts'
import { BoundSession } from '../session/bound-session.ts'
import type { TransactionOptions } from '../session/session.ts'
import { checkTransactionOptions } from '../session/transaction-options.ts'
import { active } from '../tally/series.ts'
import type { Tally } from '../tally/tally.ts'
import { checkFunction } from './check-options.ts'
import { transactionFailed, transactionSucceeded } from './end-transaction.ts'
import { followPromise, plainPromise } from './follow-promise.ts'
import { inContext } from './in-context.ts'
import { keepIdentity } from './keep-identity.ts'
import { prepareFunction } from './prepare-function.ts'
import type { TrackerState } from './tracker-state.ts'
import type { TransactionTrackingOptions } from './tracking-options.ts'
import { startTransactionCall, type TransactionCall, watchTransaction } from './transaction-call.ts'

type Work = (this: unknown, ...args: unknown[]) => unknown
type Transact = (database: unknown, work: (transaction: unknown) => unknown) => unknown

export interface AnyTransactionOptions extends TransactionTrackingOptions, TransactionOptions {
  readonly transact?: Transact | undefined
}

/** What BEGIN is told; undefined where nothing was asked for. */
const beginOptions = ({
  isolationLevel,
  readOnly,
  deferrable,
}: AnyTransactionOptions): TransactionOptions | undefined => {
  const given = Object.entries({ isolationLevel, readOnly, deferrable }).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : checkTransactionOptions(Object.fromEntries(given))
}

const transactionOf = (database: unknown): Transact | undefined => {
  const { transaction } = (database ?? {}) as { transaction?: unknown }
  return typeof transaction === 'function' ? (of, work) => transaction.call(of, work) : undefined
}

const notTransactional = () =>
  createTallyError(
    'PGTALLY_INVALID_OPTION',
    'The first argument of a tracked transaction must be a database with transaction(work): a pgtally Session, Drizzle, Knex, TypeORM, Sequelize or PGlite. For any other, pass the option transact: (database, work) => …',
  )

const unsupportedOptions = (options: TransactionOptions) =>
  createTallyError(
    'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED',
    `${Object.keys(options).join(', ')}: only a pgtally Session takes these, another database may drop them in silence. Say it in its own words with transact: (database, work) => …`,
  )

/** `withTransactionTracking` of one tracker. */
export const createTransactionTracking =
  (tracker: TrackerState, tally: Tally) =>
  (work: Work, options: AnyTransactionOptions): Work => {
    const { transact, ...given } = (options ?? {}) as AnyTransactionOptions
    checkFunction('transact', transact)
    const begin = beginOptions(given)
    if (begin !== undefined && transact !== undefined) throw unsupportedOptions(begin)
    // Last, so that a refused one is not among the operations.
    const of = prepareFunction(tracker, tally, 'transaction', work, options)

    const run = (self: unknown, database: unknown, rest: unknown[], call: TransactionCall | undefined): unknown => {
      const session = transact === undefined ? BoundSession.from(database) : undefined
      if (session !== undefined) {
        const watch = call === undefined ? undefined : watchTransaction(call, session)
        const inSession = (transaction: unknown) =>
          inContext(tracker, call?.record, () =>
            work.call(self, call?.record ?? transaction, ...rest),
          ) as Promise<unknown>
        return BoundSession.scopeOf(session).transaction(session, inSession, begin, watch)
      }
      if (begin !== undefined) return Promise.reject(unsupportedOptions(begin))
      const start = transact ?? transactionOf(database)
      if (start === undefined) return Promise.reject(notTransactional())
      let called = false
      const result = plainPromise(
        start(database, (transaction) => {
          called = true
          return runForeign(call, () => work.call(self, transaction, ...rest))
        }),
      )
      // Kysely's transaction() gives a builder and runs nothing: that must not pass for a commit.
      return called || result instanceof Promise ? result : Promise.reject(notTransactional())
    }

    const tracked = function (this: unknown, database?: unknown, ...rest: unknown[]): unknown {
      if (!tracker.on) return plainPromise(run(this, database, rest, undefined))
      const call = startTransactionCall(of, notifying.now)
      if (BoundSession.from(database) !== undefined) of.series.handedOver = true
      ;(of.series.counters[active] as number)++
      let result: unknown
      try {
        result = run(this, database, rest, call)
      } catch (error) {
        transactionFailed(call, error)
        throw error
      }
      return followPromise(
        result,
        () => transactionSucceeded(call),
        (error) => transactionFailed(call, error),
      )
    }
    return keepIdentity(tracked, work)
  }

/** A library may call the work again: what counts is when it first began and when it last ended. */
const runForeign = (call: TransactionCall | undefined, work: () => unknown): unknown => {
  if (call === undefined) return work()
  const { clock } = call.of.tracker
  call.beganAt ??= clock.now()
  call.workEndedAt = undefined
  const ended = (failed: boolean) => {
    call.workEndedAt = clock.now()
    call.workFailed = failed
  }
  let result: unknown
  try {
    result = work()
  } catch (error) {
    ended(true)
    throw error
  }
  return followPromise(
    result,
    () => ended(false),
    () => ended(true),
  )
}
