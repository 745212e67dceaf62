import { isDuration } from '../clock.ts'
import type { TrackerState } from './tracker-state.ts'

/** Milliseconds since a reading of the tracker's clock; never negative, never NaN, whatever the clock does. */
export const elapsedMs = (tracker: TrackerState, since: number): number =>
  checkedMs(tracker, tracker.clock.now() - since)

/** A difference of two readings, or 0 where it is no duration. */
export const checkedMs = (tracker: TrackerState, durationMs: number): number =>
  isDuration(durationMs) ? durationMs : repaired(tracker, durationMs)

const repaired = ({ monitor }: TrackerState, durationMs: number): number => {
  monitor.report(
    new RangeError(`The clock gave a duration of ${durationMs} ms.`),
    'number',
    'the clock ran backwards or gave no number.',
  )
  return 0
}
