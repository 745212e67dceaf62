import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../clock.ts'
import type { Observer } from '../events/observer.ts'
import type { Monitor } from '../monitor/monitor.ts'
import type { BoundSession } from '../session/bound-session.ts'
import type { LabelGate } from '../tally/label-gate.ts'
import type { ExpectedError } from './tracked-function.ts'

/**
 * What every call of a tracker reads. One plain object whose fields are assigned when the tracker is configured, so that
 * functions wrapped before see the change; its lists are replaced, never mutated, so that an observer can stop itself.
 */
export interface TrackerState {
  on: boolean
  readonly clock: Clock
  readonly monitor: Monitor
  readonly sqlStates: LabelGate
  service: string | undefined
  slowQueryThresholdMs: number
  slowTransactionThresholdMs: number
  expectedErrors: readonly ExpectedError[]
  /** Told of every call; null where there is none, which is the fast path. */
  everyCall: readonly Observer[] | null
  /** Told of slow calls and of those that did not succeed: all observers; null where there is none. */
  slowOrFailed: readonly Observer[] | null
  keepStatementText: boolean
  ambient: AsyncLocalStorage<BoundSession> | undefined
  idleTransactionWarningMs: number | undefined
}
