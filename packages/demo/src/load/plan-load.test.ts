import { describe, expect, it } from 'vitest'
import { planLoad } from './plan-load.ts'
import { createRandom, type Random } from './random.ts'
import type { Scenario } from './scenarios.ts'

/** Scenarios whose steps say which they are, with one argument drawn from the random numbers. */
const scenarios = (planned: string[]): Scenario[] =>
  ['rare', 'common', 'frequent'].map((name, index) => ({
    name,
    perRound: [1, 3, 6][index] as number,
    plan(random: Random) {
      planned.push(`${name} ${random.integer(1, 1000)}`)
      return async () => name
    },
  }))

const take = (seed: number, count: number) => {
  const planned: string[] = []
  const steps = planLoad(scenarios(planned), createRandom(seed))
  for (let i = 0; i < count; i++) steps.next()
  return planned
}

describe('planLoad', () => {
  it('plans the same steps with the same arguments for the same seed', () => {
    expect(take(3, 100)).toEqual(take(3, 100))
    expect(take(3, 100)).not.toEqual(take(4, 100))
  })

  it('starts with one of each', () => {
    const names = take(11, 3).map((step) => step.split(' ')[0])
    expect(names.sort()).toEqual(['common', 'frequent', 'rare'])
  })

  it('has as many of each in every round as the scenario asks for', () => {
    const names = take(11, 3 + 20).map((step) => step.split(' ')[0])
    for (const round of [names.slice(3, 13), names.slice(13, 23)]) {
      expect(round.filter((name) => name === 'rare')).toHaveLength(1)
      expect(round.filter((name) => name === 'common')).toHaveLength(3)
      expect(round.filter((name) => name === 'frequent')).toHaveLength(6)
    }
  })
})
