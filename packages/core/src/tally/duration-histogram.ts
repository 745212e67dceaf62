import { slotCount, slotEdges, slotOf } from './duration-cells.ts'

/** Durations of one series and outcome, aggregated in place: recording allocates nothing. */
export interface DurationHistogram {
  readonly slots: Uint32Array
  /** Indexed by `sumMs` and its fellows below. */
  readonly numbers: Float64Array
  /** How often a slot passed 2^32, where one ever did. */
  wraps: Map<number, number> | undefined
}

export const sumMs = 0
/** Least and greatest since they were last read by `takeExtremes`. */
export const minMs = 1
export const maxMs = 2
const maxEverMs = 3

export const createDurationHistogram = (): DurationHistogram => {
  const histogram = { slots: new Uint32Array(slotCount), numbers: new Float64Array(4), wraps: undefined }
  histogram.numbers[minMs] = Number.POSITIVE_INFINITY
  return histogram
}

export const recordDuration = (histogram: DurationHistogram, durationMs: number): void => {
  const { slots, numbers } = histogram
  const slot = slotOf(durationMs / 1000)
  if (++(slots[slot] as number) > 0xffffffff) countWrap(histogram, slot)
  ;(numbers[sumMs] as number) += durationMs
  if (durationMs < (numbers[minMs] as number)) numbers[minMs] = durationMs
  if (durationMs > (numbers[maxMs] as number)) numbers[maxMs] = durationMs
}

const countWrap = (histogram: DurationHistogram, slot: number): void => {
  histogram.wraps ??= new Map()
  histogram.wraps.set(slot, (histogram.wraps.get(slot) ?? 0) + 1)
}

/** Recorded durations per slot; doubles, so that nothing wraps. */
export const slotCounts = ({ slots, wraps }: DurationHistogram): number[] =>
  Array.from(slots, (count, slot) => count + (wraps?.get(slot) ?? 0) * 2 ** 32)

/** The greatest duration ever recorded, exact; 0 where there is none. */
export const greatestMs = ({ numbers }: DurationHistogram): number =>
  Math.max(numbers[maxMs] as number, numbers[maxEverMs] as number)

/**
 * Least and greatest since the last call, for a reader that exports intervals; absent where nothing was recorded. `greatestMs` is
 * not affected.
 */
export const takeExtremes = (histogram: DurationHistogram): { minMs: number; maxMs: number } | undefined => {
  const { numbers } = histogram
  const taken = { minMs: numbers[minMs] as number, maxMs: numbers[maxMs] as number }
  if (taken.minMs === Number.POSITIVE_INFINITY) return undefined
  numbers[maxEverMs] = greatestMs(histogram)
  numbers[minMs] = Number.POSITIVE_INFINITY
  numbers[maxMs] = 0
  return taken
}

export const resetDurations = (histogram: DurationHistogram): void => {
  histogram.slots.fill(0)
  histogram.numbers.fill(0)
  histogram.numbers[minMs] = Number.POSITIVE_INFINITY
  histogram.wraps = undefined
}

/**
 * The duration below which a share of the recorded ones lies, in milliseconds, at most 6 % off for durations between 1 us and
 * an hour: the harmonic middle of its slot, which halves the relative error of a slot's edges. 0 where nothing was recorded.
 */
export const percentileMs = (counts: readonly number[], share: number, greatest: number): number => {
  const total = counts.reduce((all, count) => all + count, 0)
  if (total === 0) return 0
  let left = Math.max(1, Math.ceil(total * share))
  const slot = counts.findIndex((count) => {
    left -= count
    return left <= 0
  })
  const [lower, upper] = slotEdges[slot] as readonly [number, number]
  const middle = lower === 0 ? upper / 2 : (2 * lower * upper) / (lower + upper)
  return Math.min(middle * 1000, greatest)
}
