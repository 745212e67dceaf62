import type { ErrorKind } from '../errors/error-kind.ts'
import { type CountHistogram, createCountHistogram, resetCounts } from './count-histogram.ts'
import { createDurationHistogram, type DurationHistogram, resetDurations } from './duration-histogram.ts'

export type CallKind = 'query' | 'transaction'

/** Calls of one series that did not succeed, of one outcome and kind. */
export interface Failures {
  readonly outcome: 'error' | 'expected_error' | 'rolled_back' | 'unknown'
  readonly kind: ErrorKind
  readonly expected: boolean
  readonly durations: DurationHistogram
  /** Calls per SQLSTATE; `undefined` where the error had none. */
  readonly sqlStates: Map<string | undefined, number>
}

/** All that is kept of the calls with one set of labels: prepared when a function is wrapped, added to by each call. */
export interface Series {
  readonly kind: CallKind
  readonly operation: string
  readonly table: string | undefined
  /** The function's own; where it gave none, the tracker's holds. */
  readonly service: string | undefined
  /** Calls that succeeded, or committed. */
  readonly succeeded: DurationHistogram
  readonly failures: Map<string, Failures>
  /** Indexed by `active` and `slow`. */
  readonly counters: Float64Array
  /** Of calls with a bound Session. */
  readonly statements: CountHistogram
  /** Of calls with a bound Session whose adapter sees the wait. */
  poolWait: DurationHistogram | undefined
  /** Of transactions on a Session: time in which no statement ran. */
  idle: DurationHistogram | undefined
  /** A call was given a Session. */
  handedOver: boolean
}

export const active = 0
export const slow = 1

export type SeriesLabels = Pick<Series, 'kind' | 'operation' | 'table' | 'service'>

export const createSeries = (labels: SeriesLabels): Series => ({
  ...labels,
  succeeded: createDurationHistogram(),
  failures: new Map(),
  counters: new Float64Array(2),
  statements: createCountHistogram(),
  poolWait: undefined,
  idle: undefined,
  handedOver: false,
})

export const failuresOf = (
  series: Series,
  outcome: Failures['outcome'],
  kind: ErrorKind,
  expected: boolean,
): Failures => {
  const key = `${outcome} ${kind} ${expected}`
  let failures = series.failures.get(key)
  if (failures === undefined) {
    failures = { outcome, kind, expected, durations: createDurationHistogram(), sqlStates: new Map() }
    series.failures.set(key, failures)
  }
  return failures
}

/** Back to nothing recorded; calls under way stay counted as active. */
export const resetSeries = (series: Series): void => {
  resetDurations(series.succeeded)
  series.failures.clear()
  series.counters[slow] = 0
  resetCounts(series.statements)
  series.poolWait = undefined
  series.idle = undefined
  series.handedOver = false
}
