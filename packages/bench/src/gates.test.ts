import { describe, expect, it } from 'vitest'
import { checkGates, noiseOf } from './gates.ts'

const slicesWith = (changed: Record<string, number[]>) => ({
  bare: [50, 50],
  floor: [200, 200],
  'floor, again': [202, 202],
  'tracked, no observer': [210, 210],
  'tracked, observer of slow or failed': [211, 211],
  'tracked, Session bound': [240, 240],
  'tracked, observer of every call': [350, 350],
  'wrapped anew on every call': [1_100, 1_100],
  'switched off': [65, 65],
  ...changed,
})
const bytesWith = (bound: number, recorderBytes = 0.001) => ({
  rows: [],
  bytes: { floor: 530, 'tracked, Session bound': bound },
  recorderBytes,
})
const failed = (...measured: Parameters<typeof checkGates>) =>
  checkGates(...measured)
    .filter(({ passed }) => !passed)
    .map(({ name }) => name)

describe('gates', () => {
  it('pass a run inside all limits', () => {
    expect(failed(slicesWith({}), bytesWith(620))).toEqual([])
  })

  it('fail what is past its limit, and nothing else', () => {
    expect(failed(slicesWith({ 'tracked, no observer': [222, 222] }), bytesWith(620))).toEqual(['tracked, no observer'])
    expect(failed(slicesWith({ 'switched off': [71, 71] }), bytesWith(620))).toEqual(['switched off, over: bare'])
    expect(failed(slicesWith({}), bytesWith(640))).toEqual(['tracked, Session bound, over: floor'])
    expect(failed(slicesWith({}), bytesWith(620, 16))).toEqual(['the recorder alone'])
  })

  it('fail a figure that was not measured', () => {
    expect(failed(slicesWith({}), { rows: [] })).toEqual(['tracked, Session bound, over: floor', 'the recorder alone'])
  })

  it('know how far two copies of the floor differ', () => {
    expect(noiseOf(slicesWith({}))).toBeCloseTo(0.01)
    expect(noiseOf(slicesWith({ 'floor, again': [180, 180] }))).toBeCloseTo(0.1)
  })
})
