/** Where something went wrong inside pgtally, or in what it called for you. */
export type MonitorComponent = 'observer' | 'log' | 'label' | 'number'

export type OnMonitorError = (error: unknown, component: MonitorComponent) => void

/** Counts what goes wrong in monitoring itself, and says so without ever disturbing the caller. */
export interface Monitor {
  readonly counts: Readonly<Record<MonitorComponent, number>>
  /** `advice` is a sentence of our own for the default warning: the error's text may hold values of the user's. */
  report(error: unknown, component: MonitorComponent, advice?: string): void
  /** One more of what was reported already. */
  count(component: MonitorComponent): void
  /** Back to nothing counted. */
  reset(): void
}

const warningIntervalMs = 60_000
const lastWarningAt: Partial<Record<MonitorComponent, number>> = {}

const warn = (component: MonitorComponent, advice: string | undefined): void => {
  const now = performance.now()
  if (now - (lastWarningAt[component] ?? Number.NEGATIVE_INFINITY) < warningIntervalMs) return
  lastWarningAt[component] = now
  const message = advice ?? `a failure in component "${component}" was swallowed, so that it cannot hurt the program.`
  process.emitWarning(`pgtally: ${message} Pass onMonitorError to configureTracking to be told of each.`, {
    code: 'PGTALLY_MONITOR_ERROR',
  })
}

/** An async handler that fails must not end the process. */
const dropRejection = (returned: unknown): void => {
  if (returned instanceof Promise) returned.catch(() => {})
}

export const createMonitor = (handler: () => OnMonitorError | undefined): Monitor => {
  const counts = { observer: 0, log: 0, label: 0, number: 0 }
  return {
    counts,
    count(component) {
      counts[component]++
    },
    reset() {
      Object.assign(counts, { observer: 0, log: 0, label: 0, number: 0 })
    },
    report(error, component, advice) {
      counts[component]++
      try {
        const onMonitorError = handler()
        if (onMonitorError === undefined) warn(component, advice)
        else dropRejection(onMonitorError(error, component))
      } catch {
        // Nobody is left to tell: the count says that something happened.
      }
    },
  }
}
