import { noiseRow } from './call-rows.ts'
import type { GroupFigures } from './measure-group.ts'
import { pairedDifferenceNs, pairedRatio, type Slices } from './paired-rounds.ts'

export interface Gate {
  readonly name: string
  readonly figure: number
  readonly limit: number
  readonly unit: 'x floor' | 'ns' | 'B'
  readonly passed: boolean
}

/** How far the second floor lies from the first, as a share: what the run cannot tell apart. */
export const noiseOf = (slices: Slices): number => Math.abs(pairedRatio(slices, noiseRow, 'floor') - 1)

/** The limits that hold, with what a run measured. */
export const checkGates = (slices: Slices, bytes: GroupFigures): readonly Gate[] => {
  const bytesOf = (name: string) => bytes.bytes?.[name] ?? Number.NaN
  const gate = (name: string, figure: number, limit: number, unit: Gate['unit']): Gate => ({
    name,
    figure,
    limit,
    unit,
    passed: figure <= limit,
  })
  const ratio = (name: string, limit: number) => gate(name, pairedRatio(slices, name, 'floor'), limit, 'x floor')
  const ns = (name: string, against: string, limit: number) =>
    gate(`${name}, over: ${against}`, pairedDifferenceNs(slices, name, against), limit, 'ns')
  const bound = (name: string) => gate(`${name}, over: floor`, bytesOf(name) - bytesOf('floor'), 100, 'B')
  return [
    ratio('tracked, no observer', 1.1),
    ratio('tracked, observer of slow or failed', 1.1),
    ratio('tracked, Session bound', 1.25),
    bound('tracked, Session bound'),
    ns('tracked, observer of every call', 'tracked, no observer', 150),
    ns('wrapped anew on every call', 'tracked, no observer', 1_000),
    ns('switched off', 'bare', 20),
    // What allocates per call has at least one object of 16 bytes: less than a byte is the measurement's own.
    gate('the recorder alone', Math.round(bytes.recorderBytes ?? Number.NaN), 0, 'B'),
  ]
}
