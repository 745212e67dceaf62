import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Lets time pass, monotonic and wall-clock alike. */
  advance(ms: number): void
  /** Sets the wall clock alone, as a time server does. */
  setEpochMs(epochMs: number): void
}

/** A clock that stands still until it is moved, for `createTracker({ clock })`. */
export const createManualClock = ({ epochMs = 0 }: { readonly epochMs?: number } = {}): ManualClock => {
  let monotonic = 0
  let wall = epochMs
  return {
    now: () => monotonic,
    epochMs: () => wall,
    advance(ms) {
      monotonic += ms
      wall += ms
    },
    setEpochMs(ms) {
      wall = ms
    },
  }
}
