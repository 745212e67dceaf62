import type { ExpectedError } from './tracked-function.ts'
import type { Tracker } from './tracker.ts'

// `undefined` is as good as absent, so that a setting can be passed on under exactOptionalPropertyTypes too.

interface TrackingOptions {
  /** The business name, such as `find_user`. Letter or `_`, then up to 63 of `A-Z a-z 0-9 _ . : -`, as every label. */
  readonly operation: string
  /** [the tracker's] */
  readonly service?: string | undefined
  /** A call that takes this long or longer is slow; `Infinity` for never [the tracker's]. */
  readonly slowThresholdMs?: number | undefined
  /** Errors that are no failure to alarm on, beside the tracker's: kinds, or predicates. */
  readonly expectedErrors?: readonly ExpectedError[] | undefined
  /** [the process-wide tracker] */
  readonly tracker?: Tracker | undefined
}

export interface QueryTrackingOptions<Result = any> extends TrackingOptions {
  readonly table?: string | undefined
  /**
   * Reads the number of rows from the result where no Session reports it; undefined where there is none. Of a stream it is asked
   * for each value, and summed up.
   */
  readonly rowCount?: ((result: Result) => number | undefined) | undefined
}

export interface TransactionTrackingOptions extends TrackingOptions {}
