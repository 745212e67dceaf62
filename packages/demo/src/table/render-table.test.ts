import { describe, expect, it } from 'vitest'
import { countedFixture } from '../report/operation.fixture.ts'
import { createPaint, wantsColour } from './paint.ts'
import { narrowestTable, renderTable } from './render-table.ts'

const operations = [
  countedFixture({ operation: 'find_parcel', calls: 4000, totalMs: 250, p50Ms: 0.4, p95Ms: 2.5 }),
  countedFixture({
    operation: 'ship',
    kind: 'transaction',
    calls: 20,
    totalMs: 750,
    p50Ms: 1500,
    p95Ms: 2100,
    slow: 7,
    errors: { deadlock: 2, serialization_failure: 1234 },
    expectedErrors: 3,
  }),
  countedFixture({ operation: 'never_called', calls: 0, totalMs: 0 }),
]
const render = (width: number, colour = false, given = operations) =>
  renderTable(given, { elapsedMs: 10_000, width, paint: createPaint(colour) })

describe('renderTable', () => {
  it('puts the operation with most time first, and leaves out what was never called', () => {
    const [, first, ...rest] = render(80)
    expect(first).toMatch(/^ship +2\.0 +1\.5 s +2\.1 s +75 % +7 serialization_failure 1,234$/)
    expect(rest[0]).toMatch(/^ +deadlock 2, expected 3$/)
    expect(rest[1]).toMatch(/^find_parcel +400\.0 +0\.4 ms +2\.5 ms +25 %$/)
    expect(render(80).join('\n')).not.toContain('never_called')
  })

  it.each([narrowestTable, 60, 79, 80, 120])('keeps within %i columns, and keeps the counts of errors', (width) => {
    const long = [...operations, countedFixture({ operation: 'o'.repeat(64), errors: { serialization_failure: 5 } })]
    const lines = render(width, false, long)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    expect(lines.some((line) => line.endsWith(' 5'))).toBe(true)
  })

  it('says nothing of percentiles before the first call has ended', () => {
    const active = [countedFixture({ operation: 'ship', calls: 0, active: 1, totalMs: 0, p50Ms: 0, p95Ms: 0 })]
    expect(render(80, false, active)[1]).toMatch(/^ship +0\.0$/)
  })

  it('marks failures and slow calls only where colours are wanted', () => {
    expect(render(80).join('')).not.toContain('\u001b')
    expect(render(80, true)[1]).toContain('\u001b[31mserialization_failure')
  })
})

describe('wantsColour', () => {
  it('is for terminals, unless NO_COLOR says otherwise', () => {
    expect(wantsColour(true, { TERM: 'xterm' })).toBe(true)
    expect(wantsColour(false, { TERM: 'xterm' })).toBe(false)
    expect(wantsColour(true, { TERM: 'xterm', NO_COLOR: '1' })).toBe(false)
    expect(wantsColour(true, { TERM: 'xterm', NO_COLOR: '' })).toBe(true)
    expect(wantsColour(true, { TERM: 'dumb' })).toBe(false)
  })
})
