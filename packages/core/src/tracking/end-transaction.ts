import { durationOr0 } from '../clock.ts'
import { classifyError } from '../errors/classify-error.ts'
import type { ErrorKind } from '../errors/error-kind.ts'
import { markOutcomeUnknown } from '../errors/unknown-outcomes.ts'
import { notify } from '../events/notify.ts'
import type { TransactionEvent } from '../events/transaction-event.ts'
import { BoundSession } from '../session/bound-session.ts'
import { recordCount } from '../tally/count-histogram.ts'
import { createDurationHistogram, recordDuration } from '../tally/duration-histogram.ts'
import { active, failuresOf, slow } from '../tally/series.ts'
import { type CallFailure, hide } from './build-query-event.ts'
import { elapsedMs } from './elapsed-ms.ts'
import { isExpected } from './judge-error.ts'
import type { TransactionCall } from './transaction-call.ts'

type Growing<Event> = { -readonly [Key in keyof Event]: Event[Key] }
type Outcome = TransactionEvent['outcome']

/** Closes the call's books; `outcome` is what became of the transaction. */
const endCall = (call: TransactionCall, outcome: Outcome, failure: CallFailure | undefined): void => {
  const { of, record, timeline } = call
  const { tracker, series } = of
  const durationMs = elapsedMs(tracker, call.startedAt)
  ;(series.counters[active] as number)--
  if (failure === undefined) recordDuration(series.succeeded, durationMs)
  else {
    const failures = failuresOf(series, outcome as 'rolled_back' | 'unknown', failure.kind, failure.expected)
    recordDuration(failures.durations, durationMs)
    const sqlState = tracker.sqlStates.label(failure.sqlState)
    failures.sqlStates.set(sqlState, (failures.sqlStates.get(sqlState) ?? 0) + 1)
  }
  if (record !== undefined) {
    BoundSession.settle(record)
    recordCount(series.statements, call.statementCount)
    series.idle ??= createDurationHistogram()
    recordDuration(series.idle, timeline?.facts()?.idleMs ?? 0)
  }
  const isSlow = durationMs >= (of.slowThresholdMs ?? tracker.slowTransactionThresholdMs)
  if (isSlow) (series.counters[slow] as number)++
  const observers = isSlow || failure !== undefined ? tracker.slowOrFailed : tracker.everyCall
  if (observers === null || call.quiet) return
  notify(
    observers,
    'transactionEnded',
    buildTransactionEvent(call, durationMs, outcome, isSlow, failure),
    tracker.monitor,
  )
}

const buildTransactionEvent = (
  call: TransactionCall,
  durationMs: number,
  outcome: Outcome,
  isSlow: boolean,
  failure: CallFailure | undefined,
): TransactionEvent => {
  const { of, startedAt, beganAt, workEndedAt } = call
  const { tracker, series } = of
  const beginMs = beganAt === undefined ? durationMs : durationOr0(beganAt - startedAt)
  const workMs = beganAt === undefined ? 0 : durationOr0((workEndedAt ?? startedAt + durationMs) - beganAt)
  const event: Growing<TransactionEvent> = {
    id: call.id,
    operation: series.operation,
    startedAt: tracker.clock.epochMs() - durationMs,
    durationMs,
    beginMs,
    workMs,
    finishMs: durationOr0(durationMs - beginMs - workMs),
    outcome,
    expected: failure?.expected ?? false,
    slow: isSlow,
    slowThresholdMs: of.slowThresholdMs ?? tracker.slowTransactionThresholdMs,
    depth: call.scope?.depth ?? 0,
  }
  const service = series.service ?? tracker.service
  if (service !== undefined) event.service = service
  const idle = call.timeline?.facts()
  if (idle !== undefined) {
    event.idleMs = idle.idleMs
    event.longestIdleMs = idle.longestIdleMs
    if (idle.longestIdleAfter !== undefined) event.longestIdleAfter = idle.longestIdleAfter
    event.statementCount = call.statementCount
  }
  const foreign = call.scope?.foreign
  if (foreign !== undefined) {
    event.foreignStatementCount = foreign.statementCount
    event.foreignOperations = Object.freeze([...foreign.operations])
  }
  if (failure !== undefined) {
    event.errorKind = failure.kind
    if (outcome === 'rolled_back') event.rollbackReason = failure.kind
    if (failure.sqlState !== undefined) event.sqlState = failure.sqlState
    hide(event, 'error', failure.error)
  }
  const rollbackError = call.end?.rollbackError
  if (rollbackError !== undefined) event.rollbackErrorKind = classifyError(rollbackError.error).kind
  return Object.freeze(event)
}

/** The database's `transaction()` resolved. */
export const transactionSucceeded = (call: TransactionCall): void => endCall(call, 'committed', undefined)

const lostKinds: ReadonlySet<ErrorKind> = new Set([
  'connection_lost',
  'client_timeout',
  'outcome_unknown',
  'server_shutdown',
])

/** The database's `transaction()` rejected. */
export const transactionFailed = (call: TransactionCall, error: unknown): void => {
  const classification = classifyError(error)
  // A foreign database does not say what it heard: a connection lost after the work had ended leaves COMMIT in doubt.
  const inDoubt = call.workEndedAt !== undefined && !call.workFailed && lostKinds.has(classification.kind)
  const outcome = call.end?.outcome === 'unknown' || (call.end === undefined && inDoubt) ? 'unknown' : 'rolled_back'
  if (outcome === 'unknown') markOutcomeUnknown(error)
  const kind = outcome === 'unknown' ? 'outcome_unknown' : classification.kind
  const expected = isExpected(call.of, kind, error)
  endCall(call, outcome, { ...classification, kind, expected, error })
}
