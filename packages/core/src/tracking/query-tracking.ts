import { notifying } from '../events/notify.ts'
import { BoundSession } from '../session/bound-session.ts'
import { recordDuration } from '../tally/duration-histogram.ts'
import { active } from '../tally/series.ts'
import type { Tally } from '../tally/tally.ts'
import { countRows } from './count-rows.ts'
import { checkedMs, elapsedMs } from './elapsed-ms.ts'
import { queryFailed, querySucceeded } from './end-query.ts'
import { followPromise, isPlainPromise, plainPromise } from './follow-promise.ts'
import { inContext, recordInContext } from './in-context.ts'
import { keepIdentity } from './keep-identity.ts'
import { prepareFunction } from './prepare-function.ts'
import { settleRecord } from './settle-record.ts'
import type { TrackedFunction } from './tracked-function.ts'
import type { TrackerState } from './tracker-state.ts'
import type { QueryTrackingOptions } from './tracking-options.ts'

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/** The arguments with a call's Session in the first one's place. */
function withSession(this: BoundSession, ...args: unknown[]): unknown[] {
  args[0] = this
  return args
}

/** What nearly every call is: neither slow nor failed, with nobody to tell. A duration that is none fails the comparisons. */
const isOrdinary = ({ tracker, slowThresholdMs }: TrackedFunction, durationMs: number): boolean =>
  tracker.everyCall === null && durationMs >= 0 && durationMs < (slowThresholdMs ?? tracker.slowQueryThresholdMs)

const countOrdinary = ({ series }: TrackedFunction, durationMs: number): void => {
  ;(series.counters[active] as number)--
  recordDuration(series.succeeded, durationMs)
}

/*
 * Both report the call when its promise settles. They are two, because what the closures remember is what a call costs: each
 * remembers two things.
 */

const followUnbound = (promise: Promise<unknown>, of: TrackedFunction, startedAt: number): Promise<unknown> =>
  promise.then(
    (value) => {
      const durationMs = of.tracker.clock.now() - startedAt
      if (isOrdinary(of, durationMs)) countOrdinary(of, durationMs)
      else querySucceeded(of, checkedMs(of.tracker, durationMs), undefined, false, value, countRows)
      return value
    },
    (error) => {
      queryFailed(of, elapsedMs(of.tracker, startedAt), undefined, false, error)
      throw error
    },
  )

const followBound = (promise: Promise<unknown>, record: BoundSession, startedAt: number): Promise<unknown> =>
  promise.then(
    (value) => {
      const of = BoundSession.functionOf(record)
      const durationMs = of.tracker.clock.now() - startedAt
      if (isOrdinary(of, durationMs)) {
        countOrdinary(of, durationMs)
        settleRecord(of.series, record)
      } else querySucceeded(of, checkedMs(of.tracker, durationMs), record, false, value, countRows)
      return value
    },
    (error) => {
      const of = BoundSession.functionOf(record)
      queryFailed(of, elapsedMs(of.tracker, startedAt), record, false, error)
      throw error
    },
  )

const followAny = (
  result: unknown,
  of: TrackedFunction,
  startedAt: number,
  record: BoundSession | undefined,
  quiet: boolean,
): unknown =>
  followPromise(
    result,
    (value) => querySucceeded(of, elapsedMs(of.tracker, startedAt), record, quiet, value, countRows),
    (error) => queryFailed(of, elapsedMs(of.tracker, startedAt), record, quiet, error),
  )

/** Off the fast path: a call made by an observer, or under `asyncContext`, where statements on any Session count for it. */
function callOffPath(
  this: { readonly of: TrackedFunction; readonly fn: AnyFunction; readonly self: unknown },
  ...args: unknown[]
): unknown {
  const { of, fn, self } = this
  const { tracker, series } = of
  const quiet = notifying.now
  const session = BoundSession.from(args[0])
  const record = session === undefined ? recordInContext(of) : BoundSession.bind(session, of)
  if (session !== undefined) {
    series.handedOver = true
    args[0] = record
  }
  ;(series.counters[active] as number)++
  const startedAt = tracker.clock.now()
  let result: unknown
  try {
    result = inContext(tracker, record, () => fn.apply(self, args))
  } catch (error) {
    queryFailed(of, elapsedMs(tracker, startedAt), record, quiet, error)
    throw error
  }
  return followAny(result, of, startedAt, record, quiet)
}

/**
 * `withQueryTracking` of one tracker.
 *
 * `arguments` is only ever forwarded or indexed: then V8 makes no object of it, which a rest parameter would be on every call.
 */
export const createQueryTracking =
  (tracker: TrackerState, tally: Tally) =>
  (fn: AnyFunction, options: QueryTrackingOptions): AnyFunction => {
    const of = prepareFunction(tracker, tally, 'query', fn, options)
    const { series } = of

    // Anonymous, so that a wrapper of an anonymous function needs no name defined.
    return keepIdentity(function (this: unknown, first?: unknown): unknown {
      if (!tracker.on) return plainPromise(fn.apply(this, arguments as never))
      if (tracker.ambient !== undefined || notifying.now) {
        return callOffPath.apply({ of, fn, self: this }, arguments as never)
      }
      const session = BoundSession.from(first)
      const record = session === undefined ? undefined : BoundSession.bind(session, of)
      if (session !== undefined) series.handedOver = true
      ;(series.counters[active] as number)++
      const startedAt = tracker.clock.now()
      let result: unknown
      try {
        if (record === undefined) result = fn.apply(this, arguments as never)
        else if (arguments.length === 1) result = fn.call(this, record)
        else if (arguments.length === 2) result = fn.call(this, record, arguments[1])
        else result = fn.apply(this, withSession.apply(record, arguments as never))
      } catch (error) {
        queryFailed(of, elapsedMs(tracker, startedAt), record, false, error)
        throw error
      }
      if (!isPlainPromise(result)) return followAny(result, of, startedAt, record, false)
      return record === undefined ? followUnbound(result, of, startedAt) : followBound(result, record, startedAt)
    }, fn)
  }
