import { isDuration } from '../clock.ts'
import type { TrackerState } from './tracker-state.ts'

/** Milliseconds since a reading of the tracker's clock; never negative, never NaN, whatever the clock does. */
export const elapsedMs = (tracker: TrackerState, since: number): number => {
  const durationMs = tracker.clock.now() - since
  return isDuration(durationMs) ? durationMs : repaired(tracker, durationMs)
}

const repaired = ({ monitor }: TrackerState, durationMs: number): number => {
  monitor.report(
    new RangeError(`The clock gave a duration of ${durationMs} ms.`),
    'number',
    'the clock ran backwards or gave no number.',
  )
  return 0
}
