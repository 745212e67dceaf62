import { systemClock } from '../clock.ts'
import { createMonitor, type OnMonitorError } from '../monitor/monitor.ts'
import { ambientStorage } from '../session/ambient-call.ts'
import { createLabelGate } from '../tally/label-gate.ts'
import { resetSeries, type Series } from '../tally/series.ts'
import { takeSnapshot } from '../tally/snapshot.ts'
import { createTally } from '../tally/tally.ts'
import { checkObserver } from './check-options.ts'
import { checkConfiguration, checkTrackerOptions } from './check-tracker-options.ts'
import { orNamedTracker } from './delegate-tracking.ts'
import { createObserverLists } from './observer-lists.ts'
import { createQueryTracking } from './query-tracking.ts'
import { createStreamTracking } from './stream-tracking.ts'
import type { TrackedOperation, Tracker, TrackerConfiguration, TrackerOptions } from './tracker.ts'
import type { TrackerState } from './tracker-state.ts'
import { createTransactionTracking } from './transaction-tracking.ts'

const distinctSqlStates = 100
const overflowAdvice =
  'more distinct (operation, table, service) than seriesLimit were wrapped, and the rest is counted as "other". Raise seriesLimit if they are all meant; a label must never hold a value.'

const operationOf = (series: Series, trackerService: string | undefined): TrackedOperation => {
  const service = series.service ?? trackerService
  return {
    operation: series.operation,
    ...(series.table === undefined ? {} : { table: series.table }),
    ...(service === undefined ? {} : { service }),
    kind: series.kind,
    sessionHandedOver: series.handedOver,
  }
}

/** A function without a service of its own may have the same labels as one that names the tracker's. */
const mergeOperations = (all: readonly TrackedOperation[]): TrackedOperation[] => {
  const merged = new Map<string, TrackedOperation>()
  for (const of of all) {
    const key = JSON.stringify([of.kind, of.operation, of.table, of.service])
    const sessionHandedOver = of.sessionHandedOver || merged.get(key)?.sessionHandedOver === true
    merged.set(key, { ...of, sessionHandedOver })
  }
  return [...merged.values()]
}

const initialState = () => ({
  on: process.env.PGTALLY_DISABLED !== '1',
  service: undefined,
  slowQueryThresholdMs: 500,
  slowTransactionThresholdMs: 2000,
  expectedErrors: [],
  everyCall: null,
  slowOrFailed: null,
  keepStatementText: false,
  ambient: undefined,
  idleTransactionWarningMs: undefined,
})

/** A tracker that tests can set back to its beginning. */
export interface ResettableTracker extends Tracker {
  /** Observers, configuration and counts are gone; what is wrapped stays wrapped. */
  reset(): void
}

export const createResettableTracker = (options: TrackerOptions = {}): ResettableTracker => {
  checkTrackerOptions(options)
  let onMonitorError: OnMonitorError | undefined
  let seriesLimit = 1000
  const monitor = createMonitor(() => onMonitorError)
  const state: TrackerState = {
    ...initialState(),
    clock: options.clock ?? systemClock,
    monitor,
    sqlStates: createLabelGate(distinctSqlStates),
  }
  const observers = createObserverLists(state)
  const tally = createTally(
    () => seriesLimit,
    () => {
      if (monitor.counts.label === 0) monitor.report(new Error(overflowAdvice), 'label', overflowAdvice)
      else monitor.count('label')
    },
  )

  const apply = (given: TrackerConfiguration): void => {
    if (given.enabled !== undefined) state.on = given.enabled && process.env.PGTALLY_DISABLED !== '1'
    if (given.service !== undefined) state.service = given.service
    if (given.slowQueryThresholdMs !== undefined) state.slowQueryThresholdMs = given.slowQueryThresholdMs
    if (given.slowTransactionThresholdMs !== undefined)
      state.slowTransactionThresholdMs = given.slowTransactionThresholdMs
    if (given.expectedErrors !== undefined) state.expectedErrors = [...given.expectedErrors]
    if (given.seriesLimit !== undefined) seriesLimit = given.seriesLimit
    if (given.asyncContext !== undefined) state.ambient = given.asyncContext ? ambientStorage() : undefined
    if (given.idleTransactionWarningMs !== undefined) state.idleTransactionWarningMs = given.idleTransactionWarningMs
    if (given.onMonitorError !== undefined) onMonitorError = given.onMonitorError
    if (given.observers !== undefined) observers.configure(given.observers)
  }
  apply(options)

  const tracker: ResettableTracker = {
    withQueryTracking: orNamedTracker('withQueryTracking', createQueryTracking(state, tally)),
    withTransactionTracking: orNamedTracker('withTransactionTracking', createTransactionTracking(state, tally)),
    withStreamTracking: orNamedTracker('withStreamTracking', createStreamTracking(state, tally)),
    observe(observer) {
      checkObserver('observer', observer)
      return observers.add(observer)
    },
    configure(given) {
      checkConfiguration(given)
      apply(given)
      return tracker
    },
    operations: () => mergeOperations(tally.all().map((series) => operationOf(series, state.service))),
    snapshot: () => takeSnapshot(tally.all(), state.service),
    reset() {
      Object.assign(state, initialState())
      seriesLimit = 1000
      onMonitorError = undefined
      observers.clear()
      monitor.reset()
      state.sqlStates.reset()
      for (const series of tally.all()) resetSeries(series)
      apply(options)
    },
  }
  return tracker
}
