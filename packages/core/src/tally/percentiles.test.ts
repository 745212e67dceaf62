import { describe, expect, it } from 'vitest'
import { createDurationHistogram, greatestMs, percentileMs, recordDuration, slotCounts } from './duration-histogram.ts'

const seed = Number(process.env.PGTALLY_FUZZ_SEED ?? Date.now() % 2 ** 31)

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
const createRandom = (start: number) => {
  let state = start
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const distributions: Readonly<Record<string, (random: () => number) => number>> = {
  'one value': () => 12.345,
  uniform: (random) => 1 + random() * 999,
  exponential: (random) => 0.01 - 20 * Math.log(1 - random()),
  'log-normal': (random) => Math.exp(1 + 1.5 * normal(random)),
  'two humps': (random) => (random() < 0.9 ? 2 + random() : 800 + 100 * random()),
  'log-uniform from 2 us to an hour': (random) => 0.002 * (3_600_000 / 0.002) ** random(),
  'powers of two': (random) => 2 ** Math.floor(random() * 20),
  'a heavy tail': (random) => Math.min(3_600_000, 1 / (1 - random()) ** 2),
}

const shares = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1]

describe('percentiles', () => {
  it.each(Object.entries(distributions))(`are within 6 %% of the exact ones: %s (seed ${seed})`, (_name, draw) => {
    const random = createRandom(seed)
    for (const count of [1, 2, 10, 5000]) {
      const drawn = Array.from({ length: count }, () => draw(random))
      const histogram = createDurationHistogram()
      for (const durationMs of drawn) recordDuration(histogram, durationMs)
      const sorted = drawn.toSorted((left, right) => left - right)
      const greatest = sorted.at(-1) as number
      expect(greatestMs(histogram)).toBe(greatest)
      for (const share of shares) {
        const exact = sorted[Math.max(0, Math.ceil(count * share) - 1)] as number
        const read = percentileMs(slotCounts(histogram), share, greatest)
        expect(Math.abs(read / exact - 1), `${share} of ${count}: ${read} for ${exact}`).toBeLessThanOrEqual(0.06)
        expect(read).toBeLessThanOrEqual(greatest)
      }
    }
  })

  it('of nothing are 0, and never fall as the share grows', () => {
    const histogram = createDurationHistogram()
    expect(percentileMs(slotCounts(histogram), 0.95, greatestMs(histogram))).toBe(0)
    const random = createRandom(seed)
    for (let n = 0; n < 500; n++) recordDuration(histogram, 10_000 * random() ** 4)
    const counts = slotCounts(histogram)
    const read = Array.from({ length: 101 }, (_, share) => percentileMs(counts, share / 100, greatestMs(histogram)))
    expect(read).toEqual(read.toSorted((left, right) => left - right))
  })

  it('of durations out of range stay between 0 and the greatest', () => {
    const histogram = createDurationHistogram()
    for (const durationMs of [0, 1e-9, 1e9, 1e12]) recordDuration(histogram, durationMs)
    const counts = slotCounts(histogram)
    expect(percentileMs(counts, 0.5, 1e12)).toBeLessThan(0.001)
    expect(percentileMs(counts, 0.99, 1e12)).toBeGreaterThan(3_600_000)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4)
  })
})
