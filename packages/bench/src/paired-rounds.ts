import { median } from './median.ts'
import { createSeededRandom, shuffled } from './seeded-random.ts'

/** One thing that is measured: `run` does it `calls` times, one after the other. */
export interface Row {
  readonly name: string
  run(calls: number): Promise<void>
}

/** Nanoseconds per call of one row in each round, in the order of the rounds. */
export type Slices = Readonly<Record<string, readonly number[]>>

export interface RoundSettings {
  readonly seed: number
  readonly rounds: number
  /** Calls of one row in one round. */
  readonly calls: number
}

const warmUpRounds = 3

/**
 * Every round runs a slice of each row, in an order of its own. Whatever slows the machine for a while slows neighbours alike, so
 * ratios inside a round hold where absolute times do not.
 */
export const runPairedRounds = async (
  rows: readonly Row[],
  { seed, rounds, calls }: RoundSettings,
): Promise<Slices> => {
  const random = createSeededRandom(seed)
  const slices: Record<string, number[]> = Object.fromEntries(rows.map(({ name }) => [name, []]))
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const row of shuffled(rows, random)) {
      const startedAt = performance.now()
      await row.run(calls)
      const nsPerCall = ((performance.now() - startedAt) * 1e6) / calls
      if (round >= 0) slices[row.name]?.push(nsPerCall)
    }
  }
  return slices
}

const sliceOf = (slices: Slices, name: string): readonly number[] => {
  const slice = slices[name]
  if (slice === undefined) throw new Error(`No row is named ${name}.`)
  return slice
}

export const nsPerCall = (slices: Slices, name: string): number => median(sliceOf(slices, name))

const paired = (slices: Slices, name: string, against: string, compare: (left: number, right: number) => number) => {
  const base = sliceOf(slices, against)
  return median(sliceOf(slices, name).map((ns, round) => compare(ns, base[round] as number)))
}

/** Median over the rounds of the ratio inside a round. */
export const pairedRatio = (slices: Slices, name: string, against: string): number =>
  paired(slices, name, against, (left, right) => left / right)

/** Median over the rounds of the difference inside a round, in nanoseconds. */
export const pairedDifferenceNs = (slices: Slices, name: string, against: string): number =>
  paired(slices, name, against, (left, right) => left - right)
