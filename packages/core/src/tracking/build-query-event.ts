import type { ErrorKind } from '../errors/error-kind.ts'
import type { QueryEvent } from '../events/query-event.ts'
import { BoundSession, type StatementFacts } from '../session/bound-session.ts'
import type { TrackedFunction } from './tracked-function.ts'

/** What a failed call ended with. */
export interface CallFailure {
  readonly error: unknown
  readonly kind: ErrorKind
  readonly sqlState?: string
  readonly expected: boolean
}

type Growing<Event> = { -readonly [Key in keyof Event]: Event[Key] }

/** Adds a fact that no serialiser shall find. */
export const hide = (event: object, name: 'error' | 'statementText', value: unknown): void => {
  Object.defineProperty(event, name, { value, enumerable: false })
}

/** Frozen; a fact that is not known is left out. */
export const buildQueryEvent = (
  of: TrackedFunction,
  durationMs: number,
  record: BoundSession | undefined,
  facts: StatementFacts | undefined,
  slow: boolean,
  failure: CallFailure | undefined,
  resultRows: number | undefined,
): QueryEvent => {
  const { tracker, series } = of
  const event: Growing<QueryEvent> = {
    operation: series.operation,
    startedAt: tracker.clock.epochMs() - durationMs,
    durationMs,
    outcome: failure === undefined ? 'success' : failure.expected ? 'expected_error' : 'error',
    slow,
    slowThresholdMs: of.slowThresholdMs ?? tracker.slowQueryThresholdMs,
  }
  if (series.table !== undefined) event.table = series.table
  const service = series.service ?? tracker.service
  if (service !== undefined) event.service = service
  if (failure !== undefined) {
    event.errorKind = failure.kind
    if (failure.sqlState !== undefined) event.sqlState = failure.sqlState
    hide(event, 'error', failure.error)
  }
  const scope = record === undefined ? undefined : BoundSession.scopeIfAny(record)
  if (scope !== undefined || facts !== undefined) event.statementCount = facts?.statementCount ?? 0
  const rowCount = facts?.rowCount ?? resultRows
  if (rowCount !== undefined) event.rowCount = rowCount
  if (scope?.driver.capabilities.poolWait) event.poolWaitMs = facts?.poolWaitMs ?? 0
  if (scope?.tracked !== undefined) event.transaction = scope.tracked
  if (facts?.longestText !== undefined) hide(event, 'statementText', facts.longestText)
  return Object.freeze(event)
}
