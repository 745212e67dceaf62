import { notifying } from '../events/notify.ts'
import { BoundSession } from '../session/bound-session.ts'
import { active } from '../tally/series.ts'
import type { Tally } from '../tally/tally.ts'
import { countRows } from './count-rows.ts'
import { elapsedMs } from './elapsed-ms.ts'
import { queryFailed, querySucceeded } from './end-query.ts'
import { isPlainPromise, plainPromise } from './follow-promise.ts'
import { applyInContext } from './in-context.ts'
import { keepIdentity } from './keep-identity.ts'
import { prepareFunction } from './prepare-function.ts'
import type { TrackerState } from './tracker-state.ts'
import type { QueryTrackingOptions } from './tracking-options.ts'

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/** `withQueryTracking` of one tracker. */
export const createQueryTracking =
  (tracker: TrackerState, tally: Tally) =>
  (fn: AnyFunction, options: QueryTrackingOptions): AnyFunction => {
    const of = prepareFunction(tracker, tally, 'query', fn, options)
    const { series } = of

    const tracked = function (this: unknown, first?: unknown, ...rest: unknown[]): unknown {
      if (!tracker.on) return plainPromise(fn.apply(this, arguments as never))
      const quiet = notifying.now
      const session = BoundSession.from(first)
      let record: BoundSession | undefined
      if (session !== undefined) {
        series.handedOver = true
        record = BoundSession.bind(session, of)
      } else if (tracker.ambient !== undefined) {
        record = BoundSession.bindAmbient(of)
      }
      ;(series.counters[active] as number)++
      const startedAt = tracker.clock.now()
      let result: unknown
      try {
        if (tracker.ambient !== undefined) {
          const args = session === undefined ? arguments : [record, ...rest]
          result = applyInContext(tracker, record, fn, this, args)
        } else if (session === undefined) result = fn.apply(this, arguments as never)
        else result = fn.call(this, record, ...rest)
      } catch (error) {
        queryFailed(of, elapsedMs(tracker, startedAt), record, quiet, error)
        throw error
      }
      const promise = plainPromise(result)
      if (!isPlainPromise(promise)) {
        querySucceeded(of, elapsedMs(tracker, startedAt), record, quiet, promise, countRows)
        return promise
      }
      // As followPromise does, with two closures the fewer.
      return promise.then(
        (value) => {
          querySucceeded(of, elapsedMs(tracker, startedAt), record, quiet, value, countRows)
          return value
        },
        (error) => {
          queryFailed(of, elapsedMs(tracker, startedAt), record, quiet, error)
          throw error
        },
      )
    }
    return keepIdentity(tracked, fn)
  }
