import {
  checkExpectedErrors,
  checkFlag,
  checkFunction,
  checkLimit,
  checkNames,
  checkObservers,
  checkOptionalLabel,
  checkThreshold,
} from './check-options.ts'
import type { TrackerConfiguration, TrackerOptions } from './tracker.ts'

const checks: Readonly<Record<keyof TrackerConfiguration, (option: string, value: unknown) => void>> = {
  enabled: checkFlag,
  service: checkOptionalLabel,
  slowQueryThresholdMs: checkThreshold,
  slowTransactionThresholdMs: checkThreshold,
  expectedErrors: checkExpectedErrors,
  observers: checkObservers,
  seriesLimit: checkLimit,
  asyncContext: checkFlag,
  idleTransactionWarningMs: checkThreshold,
  onMonitorError: checkFunction,
}

const configurationNames: ReadonlySet<string> = new Set(Object.keys(checks))
const trackerNames: ReadonlySet<string> = new Set([...configurationNames, 'clock'])

const check = (what: string, options: object, names: ReadonlySet<string>): void => {
  checkNames(what, options, names)
  for (const [option, checkValue] of Object.entries(checks)) {
    checkValue(option, (options as Record<string, unknown>)[option])
  }
}

/** @throws PGTALLY_INVALID_OPTION */
export const checkConfiguration = (options: TrackerConfiguration): void =>
  check('tracking options', options, configurationNames)

/** @throws PGTALLY_INVALID_OPTION */
export const checkTrackerOptions = (options: TrackerOptions): void => {
  check('tracker options', options, trackerNames)
  checkFunction('clock.now', options.clock?.now)
  checkFunction('clock.epochMs', options.clock?.epochMs)
}
