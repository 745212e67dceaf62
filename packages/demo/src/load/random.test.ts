import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'

const tenOf = (seed: number) => {
  const random = createRandom(seed)
  return Array.from({ length: 10 }, random.fraction)
}

describe('createRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(tenOf(42)).toEqual(tenOf(42))
    expect(tenOf(42)).not.toEqual(tenOf(43))
  })

  it('spreads fractions evenly over [0, 1)', () => {
    const random = createRandom(1)
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 10_000; i++) {
      const fraction = random.fraction()
      expect(fraction).toBeGreaterThanOrEqual(0)
      expect(fraction).toBeLessThan(1)
      const tenth = Math.floor(fraction * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('draws integers with both ends included', () => {
    const random = createRandom(7)
    const drawn = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)))
    expect([...drawn].sort()).toEqual([3, 4, 5, 6])
  })

  it('shuffles without losing an item or touching the original', () => {
    const items = Array.from({ length: 20 }, (_, index) => index)
    const shuffled = createRandom(5).shuffled(items)
    expect(shuffled).not.toEqual(items)
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items)
  })
})
