import { parseArgs } from 'node:util'

export interface FaultOptions {
  readonly seed: number
  /** Names of scenarios; all where none is given. */
  readonly only: readonly string[]
  /** Names of drivers; all where none is given. */
  readonly drivers: readonly string[]
  readonly size: 'small' | 'full'
}

const known = (option: string, given: readonly string[], names: readonly string[]): readonly string[] => {
  const wrong = given.find((name) => !names.includes(name))
  if (wrong !== undefined) throw new Error(`--${option}: got ${wrong}. Allowed: ${names.join(', ')}.`)
  return given.length > 0 ? given : names
}

/** Throws where an option is unknown or out of range. */
export const readOptions = (
  args: readonly string[],
  names: { readonly scenarios: readonly string[]; readonly drivers: readonly string[] },
  randomSeed: () => number,
): FaultOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      driver: { type: 'string', multiple: true, default: [] },
      small: { type: 'boolean', default: false },
    },
  })
  const seed = values.seed === undefined ? randomSeed() : Number(values.seed)
  if (!Number.isSafeInteger(seed) || seed < 1)
    throw new Error(`--seed: got ${values.seed}. Allowed is a whole number from 1.`)
  return {
    seed,
    only: known('only', values.only, names.scenarios),
    drivers: known('driver', values.driver, names.drivers),
    size: values.small ? 'small' : 'full',
  }
}
