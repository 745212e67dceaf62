import type { Clock } from '../clock.ts'
import type { Observer } from '../events/observer.ts'
import type { OnMonitorError } from '../monitor/monitor.ts'
import type { CallKind } from '../tally/series.ts'
import type { OperationSnapshot } from '../tally/snapshot.ts'
import type { WithQueryTracking, WithStreamTracking, WithTransactionTracking } from './signatures.ts'
import type { ExpectedError } from './tracked-function.ts'

export interface TrackerConfiguration {
  /** Off: wrapped functions are as bare as can be. PGTALLY_DISABLED=1 in the environment does the same, and wins [true]. */
  readonly enabled?: boolean
  /** For functions that name none of their own. */
  readonly service?: string
  /** [500] */
  readonly slowQueryThresholdMs?: number
  /** [2000] */
  readonly slowTransactionThresholdMs?: number
  readonly expectedErrors?: readonly ExpectedError[]
  /** Replaces those configured before, not those added by `observe`. */
  readonly observers?: readonly Observer[]
  /** Distinct (operation, table, service) that are told apart; past it the labels are `other` and totals stay exact [1000]. */
  readonly seriesLimit?: number
  /**
   * Follows calls through AsyncLocalStorage, for functions that are not handed a Session. On Node 20 that slows every promise of the
   * process about 2.9 times, unless something else (OpenTelemetry traces) has switched it on already [false].
   */
  readonly asyncContext?: boolean
  /** Tells observers (`transactionIdle`) of a tracked transaction that has been idle this long, once each [never]. */
  readonly idleTransactionWarningMs?: number
  /** Told of what went wrong inside pgtally or an observer [a process warning, at most one a minute]. */
  readonly onMonitorError?: OnMonitorError
}

export interface TrackerOptions extends TrackerConfiguration {
  /** [monotonic system time] */
  readonly clock?: Clock
}

/** Something that was wrapped. */
export interface TrackedOperation {
  readonly operation: string
  readonly table?: string
  readonly service?: string
  readonly kind: CallKind
  /** A call was given a Session, so that statements, rows and pool wait are known. */
  readonly sessionHandedOver: boolean
}

export interface Tracker {
  readonly withQueryTracking: WithQueryTracking
  readonly withTransactionTracking: WithTransactionTracking
  readonly withStreamTracking: WithStreamTracking
  /** Functions wrapped before are observed too. Returns the function that stops it. */
  observe(observer: Observer): () => void
  /**
   * Changes what is given and leaves the rest; also for functions wrapped before.
   *
   * @throws PGTALLY_INVALID_OPTION, and then changes nothing
   */
  configure(options: TrackerConfiguration): Tracker
  operations(): TrackedOperation[]
  /** What was counted since the start, one entry per set of labels. */
  snapshot(): OperationSnapshot[]
}
