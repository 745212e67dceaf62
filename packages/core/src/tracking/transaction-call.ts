import { notify } from '../events/notify.ts'
import { BoundSession } from '../session/bound-session.ts'
import { createForeignWork } from '../session/foreign-work.ts'
import type { SessionScope, TransactionWatch, WatchedEnd } from '../session/session-scope.ts'
import type { TrackedFunction } from './tracked-function.ts'
import { createTransactionTimeline, type TransactionTimeline } from './transaction-timeline.ts'

/** One call of a tracked transaction, under way. */
export interface TransactionCall {
  readonly of: TrackedFunction
  readonly id: string
  readonly startedAt: number
  /** Made by an observer: tallied, not reported. */
  readonly quiet: boolean
  /** When `work` first started; absent where it never did. */
  beganAt: number | undefined
  /** When `work` last ended. */
  workEndedAt: number | undefined
  workFailed: boolean
  /** The rest is known only where the database is a Session. */
  record: BoundSession | undefined
  scope: SessionScope | undefined
  timeline: TransactionTimeline | undefined
  statementCount: number
  end: WatchedEnd | undefined
}

let lastId = 0

export const startTransactionCall = (of: TrackedFunction, quiet: boolean): TransactionCall => ({
  of,
  id: String(++lastId),
  startedAt: of.tracker.clock.now(),
  quiet,
  beganAt: undefined,
  workEndedAt: undefined,
  workFailed: false,
  record: undefined,
  scope: undefined,
  timeline: undefined,
  statementCount: 0,
  end: undefined,
})

/** A timer that is asked for more than 24.8 days goes off at once. */
const longestTimerMs = 2 ** 31 - 1

const idleWarning = (call: TransactionCall) => {
  const { tracker, series } = call.of
  const afterMs = tracker.idleTransactionWarningMs
  if (afterMs === undefined || afterMs > longestTimerMs || call.quiet) return undefined
  return {
    afterMs,
    warn(facts: { idleMs: number; openMs: number; idleAfter?: string }) {
      const service = series.service ?? tracker.service
      const labels = { id: call.id, operation: series.operation, ...(service === undefined ? {} : { service }) }
      const event = Object.freeze({ ...labels, ...facts })
      if (tracker.slowOrFailed !== null) notify(tracker.slowOrFailed, 'transactionIdle', event, tracker.monitor)
    },
  }
}

/** How a Session tells a call the course of its transaction. */
export const watchTransaction = (call: TransactionCall, session: BoundSession): TransactionWatch => {
  const { clock } = call.of.tracker
  const timeline = createTransactionTimeline(() => clock.now(), idleWarning(call))
  call.timeline = timeline
  return {
    began(scope) {
      call.beganAt = clock.now()
      call.scope = scope
      call.record = BoundSession.bindTo(scope, call.of, session)
      if (call.of.tracker.ambient !== undefined) scope.foreign = createForeignWork()
      scope.tracked = Object.freeze({ id: call.id, operation: call.of.series.operation })
      timeline.began()
    },
    busy: () => timeline.busy(),
    idle: (last) => timeline.idle(last),
    statements(count) {
      call.statementCount += count
    },
    workEnded() {
      call.workEndedAt = clock.now()
      timeline.workEnded()
    },
    ended(end) {
      call.end = end
    },
  }
}
