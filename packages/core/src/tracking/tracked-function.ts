import type { ErrorKind } from '../errors/error-kind.ts'
import type { Series } from '../tally/series.ts'
import type { TrackerState } from './tracker-state.ts'

/** An error kind, or a predicate; one that throws counts as "not expected". */
export type ExpectedError = ErrorKind | ((error: unknown) => boolean)

/** What was prepared when a function was wrapped. */
export interface TrackedFunction {
  readonly tracker: TrackerState
  readonly series: Series
  /** The function's own threshold; absent where the tracker's holds. */
  readonly slowThresholdMs: number | undefined
  readonly expectedErrors: readonly ExpectedError[] | undefined
  readonly rowCount: ((result: unknown) => number | undefined) | undefined
}
