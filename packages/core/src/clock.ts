/** Where times come from. One clock serves durations and dates, so that a test can move both. */
export interface Clock {
  /** Milliseconds that only grow, from an arbitrary start: durations are differences of it. */
  now(): number
  /** Milliseconds since 1970, for the `startedAt` of events. */
  epochMs(): number
}

export const isDuration = (ms: number): boolean => ms >= 0 && ms < Number.POSITIVE_INFINITY

/** A part of a duration; 0 where the clock ran backwards or gave no number. */
export const durationOr0 = (ms: number): number => (isDuration(ms) ? ms : 0)

// Read once: the global of that name is an accessor, which every reading would run.
const { performance: timer } = globalThis

export const systemClock: Clock = { now: () => timer.now(), epochMs: () => Date.now() }
