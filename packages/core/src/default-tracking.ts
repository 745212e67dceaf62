import { kernel } from './kernel.ts'
import type { WithQueryTracking, WithStreamTracking, WithTransactionTracking } from './tracking/signatures.ts'
import type { Tracker, TrackerConfiguration, TrackerOptions } from './tracking/tracker.ts'

type Wrapping = Pick<Tracker, 'withQueryTracking' | 'withTransactionTracking' | 'withStreamTracking'>

/** Looks the shared tracker up at the call, so that importing this module has no effect. */
const late = <Method extends keyof Wrapping>(method: Method): Tracker[Method] =>
  ((fn: never, options: never) =>
    (kernel().tracker[method] as (fn: never, options: never) => unknown)(fn, options)) as never

/**
 * The process-wide tracker, which `withQueryTracking` and its fellows use. Only applications configure it; a library has its
 * own, by `createTracker`.
 *
 * Shared by all copies of core in the process.
 */
export const tracking: Tracker = {
  withQueryTracking: late('withQueryTracking'),
  withTransactionTracking: late('withTransactionTracking'),
  withStreamTracking: late('withStreamTracking'),
  observe: (observer) => kernel().tracker.observe(observer),
  configure(options) {
    kernel().tracker.configure(options)
    return tracking
  },
  operations: () => kernel().tracker.operations(),
  snapshot: () => kernel().tracker.snapshot(),
}

/** Configures the process-wide tracker, also for functions wrapped before; returns `tracking`. */
export const configureTracking = (options: TrackerConfiguration): Tracker => tracking.configure(options)

/**
 * A tracker of one's own, with its own counts, observers and thresholds.
 *
 * @throws PGTALLY_INVALID_OPTION
 */
export const createTracker = (options?: TrackerOptions): Tracker => kernel().createTracker(options)

/**
 * Counts, times and reports every call of a function, which in all else stays what it is: same type, results and errors.
 *
 * Where the first argument is a Session, the function receives it bound to the call, and the call's statements, rows and pool
 * wait are known.
 *
 * @throws PGTALLY_INVALID_OPTION when wrapping
 */
export const withQueryTracking: WithQueryTracking = tracking.withQueryTracking

/**
 * Makes of `work(transaction, …)` a function `(database, …)` that runs it in a transaction of that database, and counts, times and
 * reports each as one. On a transaction it is a savepoint.
 *
 * On a Session it resolves only if the server answered COMMIT. On another database it adds nothing but the report.
 *
 * @throws PGTALLY_INVALID_OPTION when wrapping
 */
export const withTransactionTracking: WithTransactionTracking = tracking.withTransactionTracking

/**
 * `withQueryTracking` for functions that return an async iterable. The call ends at the last row, when the consumer leaves, or with
 * an error; its duration is the time inside `next()`, not the consumer's. An iterable that can be read again is reported
 * for its first reading.
 *
 * @throws PGTALLY_INVALID_OPTION when wrapping
 */
export const withStreamTracking: WithStreamTracking = tracking.withStreamTracking
