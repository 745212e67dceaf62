import { expect } from 'vitest'
import type { Figure } from '../src/figure.ts'

/** The seed of the small runs; a failing one prints it. */
export const seed = Number(process.env.PGTALLY_FAULTS_SEED ?? 1 + Math.floor(Math.random() * 2 ** 31))

/** Fails with the figures that are not what they must be, and the seed that gives them again. */
export const checkFigures = (figures: readonly Figure[]): void => {
  expect(figures.length).toBeGreaterThan(0)
  const failed = figures
    .filter(({ passed }) => !passed)
    .map(({ name, value, mark }) => `${name}: ${value}, must be ${mark}`)
  expect(failed, `again by PGTALLY_FAULTS_SEED=${seed}`).toEqual([])
}
