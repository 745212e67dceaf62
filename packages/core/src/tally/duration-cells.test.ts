import { describe, expect, it } from 'vitest'
import { durationBoundsSeconds } from './duration-bounds.ts'
import { slotCount, slotEdges, slotOf } from './duration-cells.ts'
import {
  createDurationHistogram,
  greatestMs,
  recordDuration,
  resetDurations,
  slotCounts,
  sumMs,
  takeExtremes,
} from './duration-histogram.ts'

/** The next double above a positive one. */
const above = (value: number): number => {
  const double = new Float64Array([value])
  const bits = new BigInt64Array(double.buffer)
  bits[0] = (bits[0] as bigint) + 1n
  return double[0] as number
}

const upperOf = (slot: number): number => slotEdges[slot]?.[1] as number

describe('the slots of a duration histogram', () => {
  it.each(durationBoundsSeconds.map((bound) => [bound]))(
    'count %d s at or below that bound, and the next double above it',
    (bound) => {
      expect(upperOf(slotOf(bound))).toBeLessThanOrEqual(bound)
      expect(slotEdges[slotOf(above(bound))]?.[0]).toBeGreaterThanOrEqual(bound)
      expect(slotOf(above(bound))).toBe(slotOf(bound) + 1)
    },
  )

  it('have every bound for an edge, so that cumulative counts at a bound are exact', () => {
    const uppers = new Set(slotEdges.map(([, upper]) => upper))
    for (const bound of durationBoundsSeconds) expect(uppers).toContain(bound)
    expect(durationBoundsSeconds).toEqual([...durationBoundsSeconds].sort((left, right) => left - right))
  })

  it('follow one another without gap or overlap, none wider than 12.5 %', () => {
    expect(slotEdges).toHaveLength(slotCount)
    for (const [index, [lower, upper]] of slotEdges.entries()) {
      expect(upper).toBeGreaterThanOrEqual(lower)
      if (index > 0) {
        expect(lower).toBe(upperOf(index - 1))
        expect(upper / lower).toBeLessThanOrEqual(1.125)
      }
    }
  })

  it('take any number from 0 on, in the slot whose edges enclose it', () => {
    for (const seconds of [0, 5e-324, 1e-7, 0.00123, 0.999999, 1, 59.5, 4000]) {
      const [lower, upper] = slotEdges[slotOf(seconds)] as readonly [number, number]
      expect(seconds).toBeGreaterThanOrEqual(lower)
      expect(seconds).toBeLessThanOrEqual(upper)
    }
    for (const seconds of [5000, 1e9, Number.MAX_VALUE]) expect(slotOf(seconds)).toBe(slotCount - 1)
  })
})

describe('a duration histogram', () => {
  it('law 7: counts on past 2^32 in one slot', () => {
    const histogram = createDurationHistogram()
    const slot = slotOf(0.001)
    for (const wraps of [1, 2]) {
      histogram.slots[slot] = 2 ** 32 - 2
      recordDuration(histogram, 1)
      expect(slotCounts(histogram)[slot]).toBe(wraps * 2 ** 32 - 1)
      recordDuration(histogram, 1)
      recordDuration(histogram, 1)
      expect(slotCounts(histogram)[slot]).toBe(wraps * 2 ** 32 + 1)
    }
    expect(slotCounts(histogram).filter((count) => count > 0)).toHaveLength(1)
  })

  it('tells least and greatest since the last look, and the greatest ever', () => {
    const histogram = createDurationHistogram()
    expect(takeExtremes(histogram)).toBeUndefined()
    recordDuration(histogram, 5)
    recordDuration(histogram, 50)
    expect(takeExtremes(histogram)).toEqual({ minMs: 5, maxMs: 50 })
    expect(takeExtremes(histogram)).toBeUndefined()
    recordDuration(histogram, 7)
    expect(greatestMs(histogram)).toBe(50)
    expect(takeExtremes(histogram)).toEqual({ minMs: 7, maxMs: 7 })
    expect(histogram.numbers[sumMs]).toBe(62)
    resetDurations(histogram)
    expect([greatestMs(histogram), takeExtremes(histogram), histogram.numbers[sumMs]]).toEqual([0, undefined, 0])
    expect(slotCounts(histogram).some((count) => count !== 0)).toBe(false)
  })

  it('of one that was 0 ms long has an extreme of 0', () => {
    const histogram = createDurationHistogram()
    recordDuration(histogram, 0)
    expect(takeExtremes(histogram)).toEqual({ minMs: 0, maxMs: 0 })
  })
})
