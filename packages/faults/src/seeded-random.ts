/** Numbers in [0, 1) that a seed fixes (mulberry32). */
export const createSeededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of them, as `random` decides. */
export const pick = <Item>(items: readonly Item[], random: () => number): Item => {
  if (items.length === 0) throw new RangeError('pick needs at least one item')
  return items[Math.floor(random() * items.length)] as Item
}
