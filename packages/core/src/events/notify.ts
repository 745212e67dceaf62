import type { Monitor } from '../monitor/monitor.ts'
import type { Observer } from './observer.ts'

/** Set while observers run: tracked calls that they make synchronously are not reported, or an observer would call itself. */
export const notifying = { now: false }

type Told = 'queryEnded' | 'transactionEnded' | 'transactionIdle'

const tell = (observer: Observer, told: Told, event: never, monitor: Monitor): void => {
  try {
    const returned: unknown = observer[told]?.(event)
    if (typeof returned !== 'object' || returned === null) return
    const { then } = returned as { then?: unknown }
    if (typeof then !== 'function') return
    then.call(returned, undefined, (error: unknown) => monitor.report(error, 'observer'))
  } catch (error) {
    monitor.report(error, 'observer')
  }
}

/** Tells observers of an event, one after the other; none can hurt the caller or the next. */
export const notify = (observers: readonly Observer[], told: Told, event: object, monitor: Monitor): void => {
  const outer = notifying.now
  notifying.now = true
  for (const observer of observers) tell(observer, told, event as never, monitor)
  notifying.now = outer
}
