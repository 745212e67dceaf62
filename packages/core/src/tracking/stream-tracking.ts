import { notifying } from '../events/notify.ts'
import { BoundSession } from '../session/bound-session.ts'
import { active } from '../tally/series.ts'
import type { Tally } from '../tally/tally.ts'
import { countRows } from './count-rows.ts'
import { elapsedMs } from './elapsed-ms.ts'
import { queryFailed, querySucceeded } from './end-query.ts'
import { inContext, recordInContext } from './in-context.ts'
import { keepIdentity } from './keep-identity.ts'
import { prepareFunction } from './prepare-function.ts'
import { type IterationWatch, trackIteration } from './track-iteration.ts'
import type { TrackedFunction } from './tracked-function.ts'
import type { TrackerState } from './tracker-state.ts'
import type { QueryTrackingOptions } from './tracking-options.ts'

type StreamFunction = (this: unknown, ...args: unknown[]) => AsyncIterable<unknown>

const watchStream = (of: TrackedFunction, record: BoundSession | undefined, quiet: boolean): IterationWatch => {
  let rowCount: number | undefined
  return {
    now: () => of.tracker.clock.now(),
    step: (run) => inContext(of.tracker, record, run),
    started() {
      ;(of.series.counters[active] as number)++
    },
    value(value) {
      const rows = countRows(of, value)
      if (rows !== undefined) rowCount = (rowCount ?? 0) + rows
    },
    succeeded: (durationMs) => querySucceeded(of, durationMs, record, quiet, rowCount, counted),
    failed: (durationMs, error) => queryFailed(of, durationMs, record, quiet, error),
  }
}

const counted = (_of: TrackedFunction, rowCount: unknown) => rowCount as number | undefined

const isStream = (result: unknown): result is AsyncIterable<unknown> =>
  typeof (result as Partial<AsyncIterable<unknown>> | null | undefined)?.[Symbol.asyncIterator] === 'function'

/**
 * The first iteration is the call; an iterable that can be read again is then read unwatched. A `next` alone makes no iterator: the
 * cursors of some libraries return bare rows from it.
 */
const watchFirst = (stream: AsyncIterable<unknown>, watch: IterationWatch): AsyncIterable<unknown> => {
  let opened: AsyncIterator<unknown> | undefined
  if (typeof (stream as { next?: unknown }).next === 'function') {
    opened = stream[Symbol.asyncIterator]()
    if ((opened as unknown) === stream) return trackIteration(opened, watch)
  }
  let watched = false
  return {
    [Symbol.asyncIterator]() {
      const iterator = opened ?? stream[Symbol.asyncIterator]()
      opened = undefined
      if (watched) return iterator
      watched = true
      return trackIteration(iterator, watch)
    },
  }
}

/** `withStreamTracking` of one tracker. */
export const createStreamTracking =
  (tracker: TrackerState, tally: Tally) =>
  (fn: StreamFunction, options: QueryTrackingOptions): StreamFunction => {
    const of = prepareFunction(tracker, tally, 'query', fn, options)
    const { series } = of

    const tracked = function (this: unknown, first?: unknown, ...rest: unknown[]): AsyncIterable<unknown> {
      if (!tracker.on) return fn.apply(this, arguments as never)
      const quiet = notifying.now
      const session = BoundSession.from(first)
      const record = session === undefined ? recordInContext(of) : BoundSession.bind(session, of)
      if (session !== undefined) series.handedOver = true
      const startedAt = tracker.clock.now()
      let stream: AsyncIterable<unknown>
      try {
        stream = inContext(tracker, record, () =>
          session === undefined ? fn.apply(this, arguments as never) : fn.call(this, record, ...rest),
        )
      } catch (error) {
        ;(series.counters[active] as number)++
        queryFailed(of, elapsedMs(tracker, startedAt), record, quiet, error)
        throw error
      }
      return isStream(stream) ? watchFirst(stream, watchStream(of, record, quiet)) : stream
    }
    return keepIdentity(tracked, fn)
  }
