import { durationBoundsSeconds } from './duration-bounds.ts'

/*
 * A duration falls into a cell by the leading bits of its double: 8 equal parts of each power of two, from 2^-20 s (about
 * 1 us) to 2^12 s (about 68 min), so a cell is at most 12.5 % wide and its harmonic middle at most 5.9 % off. Where an exact
 * bound lies inside a cell, the cell is two slots. One increment then serves both the percentiles and the exported histogram.
 */
const partsPerOctaveBits = 3
const lowestExponent = -20
const octaves = 32
const cells = octaves << partsPerOctaveBits
const lowestCell = (1023 + lowestExponent) << partsPerOctaveBits

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const highWord = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

const cellOf = (seconds: number): number => {
  double[0] = seconds
  const cell = ((words[highWord] as number) >>> (20 - partsPerOctaveBits)) - lowestCell
  return cell < 0 ? 0 : cell < cells ? cell : cells - 1
}

const firstSlotOfCell = new Uint16Array(cells)
const splitOfCell = new Float64Array(cells).fill(Number.POSITIVE_INFINITY)
for (const bound of durationBoundsSeconds) splitOfCell[cellOf(bound)] = bound
let slot = 0
for (let cell = 0; cell < cells; cell++) {
  firstSlotOfCell[cell] = slot
  slot += splitOfCell[cell] === Number.POSITIVE_INFINITY ? 1 : 2
}

export const slotCount = slot

/** The slot that counts a duration; anything longer than the last cell is in the last slot. */
export const slotOf = (seconds: number): number => {
  const cell = cellOf(seconds)
  return (firstSlotOfCell[cell] as number) + (seconds > (splitOfCell[cell] as number) ? 1 : 0)
}

const cellStart = (cell: number): number =>
  2 ** (lowestExponent + (cell >> partsPerOctaveBits)) *
  (1 + (cell & ((1 << partsPerOctaveBits) - 1)) / (1 << partsPerOctaveBits))

/** Lower and upper edge in seconds of each slot. */
export const slotEdges: readonly (readonly [lower: number, upper: number])[] = Array.from(
  { length: cells },
  (_, cell) => {
    const lower = cell === 0 ? 0 : cellStart(cell)
    const upper = cellStart(cell + 1)
    const split = splitOfCell[cell] as number
    return split === Number.POSITIVE_INFINITY
      ? [[lower, upper] as const]
      : [[lower, split] as const, [split, upper] as const]
  },
).flat()
