import { notify } from '../events/notify.ts'
import type { BoundSession } from '../session/bound-session.ts'
import { recordDuration } from '../tally/duration-histogram.ts'
import { active, failuresOf, slow } from '../tally/series.ts'
import { buildQueryEvent } from './build-query-event.ts'
import { judgeError } from './judge-error.ts'
import { settleRecord } from './settle-record.ts'
import type { TrackedFunction } from './tracked-function.ts'

/*
 * How a call of a tracked function or stream ends. `record` is absent where no Session was handed over; `quiet` calls were made by an
 * observer and are tallied only. Where no observer is to be told, nothing is allocated: that is why
 * `rowsOf`, which reads the rows from the result, is a function shared by all calls.
 */

export const querySucceeded = (
  of: TrackedFunction,
  durationMs: number,
  record: BoundSession | undefined,
  quiet: boolean,
  result: unknown,
  rowsOf: (of: TrackedFunction, result: unknown) => number | undefined,
): void => {
  const { tracker, series } = of
  ;(series.counters[active] as number)--
  recordDuration(series.succeeded, durationMs)
  const facts = record === undefined ? undefined : settleRecord(series, record)
  const isSlow = durationMs >= (of.slowThresholdMs ?? tracker.slowQueryThresholdMs)
  if (isSlow) (series.counters[slow] as number)++
  const observers = isSlow ? tracker.slowOrFailed : tracker.everyCall
  if (observers === null || quiet) return
  notify(
    observers,
    'queryEnded',
    buildQueryEvent(of, durationMs, record, facts, isSlow, undefined, rowsOf(of, result)),
    tracker.monitor,
  )
}

export const queryFailed = (
  of: TrackedFunction,
  durationMs: number,
  record: BoundSession | undefined,
  quiet: boolean,
  error: unknown,
): void => {
  const { tracker, series } = of
  ;(series.counters[active] as number)--
  const judged = judgeError(of, error)
  const failures = failuresOf(series, judged.expected ? 'expected_error' : 'error', judged.kind, judged.expected)
  recordDuration(failures.durations, durationMs)
  const sqlState = tracker.sqlStates.label(judged.sqlState)
  failures.sqlStates.set(sqlState, (failures.sqlStates.get(sqlState) ?? 0) + 1)
  const facts = record === undefined ? undefined : settleRecord(series, record)
  const isSlow = durationMs >= (of.slowThresholdMs ?? tracker.slowQueryThresholdMs)
  if (isSlow) (series.counters[slow] as number)++
  const observers = tracker.slowOrFailed
  if (observers === null || quiet) return
  const failed = { ...judged, error }
  notify(
    observers,
    'queryEnded',
    buildQueryEvent(of, durationMs, record, facts, isSlow, failed, undefined),
    tracker.monitor,
  )
}
