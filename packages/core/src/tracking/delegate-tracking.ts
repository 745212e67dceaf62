import { refuse } from './check-options.ts'
import type { Tracker } from './tracker.ts'

type Method = 'withQueryTracking' | 'withTransactionTracking' | 'withStreamTracking'
type Wrap = (fn: never, options: never) => unknown

const isTracker = (value: unknown, method: Method): value is Tracker =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function'

/** A tracker's own wrapping, unless the options name another tracker: then that one's, whichever copy of core made it. */
export const orNamedTracker = <Signature>(method: Method, own: unknown): Signature => {
  const wrap: Wrap = (fn, options) => {
    const tracker = (options as { tracker?: unknown } | undefined)?.tracker
    if (tracker === undefined) return (own as Wrap)(fn, options)
    if (isTracker(tracker, method))
      return (tracker[method] as Wrap)(fn, { ...(options as object), tracker: undefined } as never)
    return refuse('tracker', tracker, 'what createTracker returned, or tracking')
  }
  return wrap as Signature
}
