import { describe, expect, it } from 'vitest'
import { formatCalls } from './format-count.ts'
import { formatDuration } from './format-duration.ts'
import { formatShare } from './format-share.ts'

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.4217, '0.42 ms'],
    [9.4, '9.4 ms'],
    [9.96, '10 ms'],
    [17.26, '17.3 ms'],
    [250, '250 ms'],
    [999.4, '999 ms'],
    [999.9, '1 s'],
    [1254, '1.25 s'],
    [75_000, '75 s'],
  ])('writes %s ms as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text)
  })
})

describe('formatShare', () => {
  it.each([
    [0, '0 %'],
    [0.001, '< 1 %'],
    [0.256, '26 %'],
    [0.999, '> 99 %'],
    [1, '100 %'],
  ])('writes %s as %s', (ratio, text) => {
    expect(formatShare(ratio)).toBe(text)
  })
})

describe('formatCalls', () => {
  it('groups thousands, and knows one call', () => {
    expect(formatCalls(3, 1200)).toBe('3 of 1,200 calls')
    expect(formatCalls(1, 1)).toBe('1 of 1 call')
  })
})
