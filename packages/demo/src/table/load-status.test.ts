import { describe, expect, it } from 'vitest'
import { countedFixture } from '../report/operation.fixture.ts'
import { renderPlainLine, renderStatus } from './load-status.ts'

const pool = { used: 5, idle: 0, pending: 3, limit: 5 }
const running = { elapsedMs: 3020, durationMs: 15_000, phase: 'running', pool } as const

describe('renderStatus', () => {
  it('tells the time and the pool', () => {
    expect(renderStatus(running)).toBe('pgtally demo · 3 of 15 s · pool: 5 of 5 in use, 3 waiting')
  })

  it('leaves the pool out where there is none, and says what it waits for', () => {
    expect(renderStatus({ ...running, phase: 'stopping', pool: undefined })).toBe(
      'pgtally demo · 3 of 15 s · last calls',
    )
  })
})

describe('renderPlainLine', () => {
  it('adds up all operations, with errors by kind', () => {
    const snapshot = [
      countedFixture({ operation: 'a', calls: 3000, slow: 2, errors: { deadlock: 1 } }),
      countedFixture({ operation: 'b', calls: 20, errors: { deadlock: 1, connection_lost: 4 }, expectedErrors: 7 }),
    ]
    expect(renderPlainLine(snapshot, running)).toBe(
      '3 s: 3,020 calls (1,000/s), 2 slow, 6 failed (connection_lost 4, deadlock 2), 7 expected errors, pool: 5 of 5 in use, 3 waiting',
    )
  })
})
