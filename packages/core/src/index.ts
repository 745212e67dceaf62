export type { Clock } from './clock.ts'
export {
  configureTracking,
  createTracker,
  tracking,
  withQueryTracking,
  withStreamTracking,
  withTransactionTracking,
} from './default-tracking.ts'
export { classifyError, type ErrorClassification } from './errors/classify-error.ts'
export type { ErrorKind } from './errors/error-kind.ts'
export type { Observer } from './events/observer.ts'
export type { QueryEvent, TransactionIdentity } from './events/query-event.ts'
export type { TransactionEvent, TransactionIdleEvent } from './events/transaction-event.ts'
export type { MonitorComponent, OnMonitorError } from './monitor/monitor.ts'
export type {
  IsolationLevel,
  QueryOptions,
  QueryResult,
  Session,
  SessionCapabilities,
  StreamOptions,
  TransactionOptions,
} from './session/session.ts'
export { sessionIdentity } from './session-identity.ts'
export { sanitizeSql } from './sql/sanitize-sql.ts'
export type { OperationSnapshot } from './tally/snapshot.ts'
export type {
  Tracked,
  TrackedStream,
  TrackedTransaction,
  Transactional,
  WithQueryTracking,
  WithStreamTracking,
  WithTransactionTracking,
} from './tracking/signatures.ts'
export type { ExpectedError } from './tracking/tracked-function.ts'
export type { TrackedOperation, Tracker, TrackerConfiguration, TrackerOptions } from './tracking/tracker.ts'
export type { QueryTrackingOptions, TransactionTrackingOptions } from './tracking/tracking-options.ts'
