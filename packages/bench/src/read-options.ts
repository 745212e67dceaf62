import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly seed: number
  readonly rounds: number
  readonly quick: boolean
  /** End with exit code 1 where a gate failed. */
  readonly gate: boolean
}

const number = (name: string, given: string): number => {
  const value = Number(given)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new Error(`--${name}: got ${given}. Allowed is a whole number from 1.`)
}

/** Throws where an option is unknown or out of range. */
export const readOptions = (args: readonly string[], randomSeed: () => number): BenchOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
    },
  })
  return {
    seed: values.seed === undefined ? randomSeed() : number('seed', values.seed),
    rounds: values.rounds === undefined ? (values.quick ? 15 : 61) : number('rounds', values.rounds),
    quick: values.quick,
    gate: values.gate,
  }
}
