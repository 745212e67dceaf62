import { describe, expect, it } from 'vitest'
import { nsPerCall, pairedDifferenceNs, pairedRatio, runPairedRounds } from './paired-rounds.ts'
import { createSeededRandom, shuffled } from './seeded-random.ts'

describe('paired rounds', () => {
  it('run every row once a round, in an order that the seed replays', async () => {
    const orderOf = async (seed: number) => {
      const order: string[] = []
      const row = (name: string) => ({ name, run: async () => void order.push(name) })
      const slices = await runPairedRounds(['a', 'b', 'c', 'd'].map(row), { seed, rounds: 5, calls: 1 })
      expect(Object.values(slices).map(({ length }) => length)).toEqual([5, 5, 5, 5])
      return order.join('')
    }
    const first = await orderOf(7)
    expect(await orderOf(7)).toBe(first)
    expect(await orderOf(8)).not.toBe(first)
    for (const round of first.match(/.{4}/g) ?? []) expect([...round].sort().join('')).toBe('abcd')
  })

  it('compare inside a round, so that a slow round changes nothing', () => {
    const slices = { floor: [100, 1_000, 100], tracked: [110, 1_100, 110] }
    expect(pairedRatio(slices, 'tracked', 'floor')).toBeCloseTo(1.1)
    expect(pairedDifferenceNs(slices, 'tracked', 'floor')).toBe(10)
    expect(nsPerCall(slices, 'floor')).toBe(100)
  })

  it('name a row that is not there', () => {
    expect(() => nsPerCall({}, 'absent')).toThrow('No row is named absent')
  })

  it('shuffle without losing or doubling a row', () => {
    const random = createSeededRandom(3)
    const rows = Array.from({ length: 20 }, (_, index) => index)
    expect(shuffled(rows, random).sort((left, right) => left - right)).toEqual(rows)
  })
})
