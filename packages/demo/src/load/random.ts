export interface Random {
  /** From 0 up to but not including 1. */
  fraction(): number
  /** Both ends included. */
  integer(from: number, to: number): number
  chance(probability: number): boolean
  shuffled<Item>(items: readonly Item[]): Item[]
}

/** The same numbers for the same seed (mulberry32, by Tommy Ettinger, in the public domain). */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (from: number, to: number) => from + Math.floor(fraction() * (to - from + 1))
  return {
    fraction,
    integer,
    chance: (probability) => fraction() < probability,
    shuffled(items) {
      const deck = [...items]
      for (let last = deck.length - 1; last > 0; last--) {
        const other = integer(0, last)
        const item = deck[last] as (typeof deck)[number]
        deck[last] = deck[other] as (typeof deck)[number]
        deck[other] = item
      }
      return deck
    },
  }
}
