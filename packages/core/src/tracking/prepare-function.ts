import type { CallKind } from '../tally/series.ts'
import type { Tally } from '../tally/tally.ts'
import {
  checkExpectedErrors,
  checkFunction,
  checkLabel,
  checkNames,
  checkOptionalLabel,
  checkThreshold,
} from './check-options.ts'
import type { TrackedFunction } from './tracked-function.ts'
import type { TrackerState } from './tracker-state.ts'
import type { QueryTrackingOptions } from './tracking-options.ts'

const common = ['operation', 'service', 'slowThresholdMs', 'expectedErrors', 'tracker']

export const queryOptionNames: ReadonlySet<string> = new Set([...common, 'table', 'rowCount'])

export const transactionOptionNames: ReadonlySet<string> = new Set([
  ...common,
  'transact',
  'isolationLevel',
  'readOnly',
  'deferrable',
])

/**
 * All that a call needs, made once when a function is wrapped.
 *
 * @throws PGTALLY_INVALID_OPTION
 */
export const prepareFunction = (
  tracker: TrackerState,
  tally: Tally,
  kind: CallKind,
  fn: unknown,
  options: QueryTrackingOptions,
): TrackedFunction => {
  checkFunction('the wrapped function', fn ?? null)
  if (kind === 'query') checkNames('query options', options, queryOptionNames)
  else checkNames('transaction options', options, transactionOptionNames)
  const { operation, table, service, slowThresholdMs, expectedErrors, rowCount } = options
  // Where functions are wrapped anew on every call, only the first of them finds no series.
  const known = tally.known(kind, operation, table, service)
  if (known === undefined) {
    checkLabel('operation', operation)
    checkOptionalLabel('table', table)
    checkOptionalLabel('service', service)
  }
  checkThreshold('slowThresholdMs', slowThresholdMs)
  checkExpectedErrors('expectedErrors', expectedErrors)
  checkFunction('rowCount', rowCount)
  const series = known ?? tally.series(kind, operation, table, service)
  return { tracker, series, slowThresholdMs, expectedErrors, rowCount }
}
