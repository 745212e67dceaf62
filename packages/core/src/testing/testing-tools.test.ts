import { afterEach, describe, expect, it } from 'vitest'
import { configureTracking, tracking, withQueryTracking } from '../default-tracking.ts'
import { createManualClock } from './manual-clock.ts'
import { createRecordingObserver } from './recording-observer.ts'
import { createRecordingSession } from './recording-session.ts'
import { resetTracking } from './reset-tracking.ts'

afterEach(resetTracking)

describe('the manual clock', () => {
  it('stands still until it is moved; the wall clock can be set alone', () => {
    const clock = createManualClock({ epochMs: 500 })
    expect([clock.now(), clock.epochMs()]).toEqual([0, 500])
    clock.advance(2.5)
    clock.setEpochMs(7)
    clock.advance(1)
    expect([clock.now(), clock.epochMs()]).toEqual([3.5, 8])
  })
})

describe('resetTracking', () => {
  it('leaves nothing configured, observed or counted, and what is wrapped goes on', async () => {
    const observer = createRecordingObserver()
    const told: unknown[] = []
    configureTracking({ service: 'api', slowQueryThresholdMs: 0, seriesLimit: 1, expectedErrors: ['application'] })
    configureTracking({ observers: [observer], onMonitorError: (error) => void told.push(error) })
    tracking.observe(observer)
    const fn = withQueryTracking(() => Promise.reject(new Error('x')), { operation: 'op' })
    await fn().catch(() => {})
    expect(observer.queries).toHaveLength(2)
    expect(tracking.snapshot()[0]).toMatchObject({ service: 'api', calls: 1, expectedErrors: 1, slow: 1 })
    withQueryTracking(async () => 1, { operation: 'past_the_limit' })
    expect(told).toHaveLength(1)

    resetTracking()
    expect(tracking.snapshot()[0]).toMatchObject({ operation: 'op', calls: 0, errors: {}, expectedErrors: 0, slow: 0 })
    expect(tracking.snapshot()[0]).toMatchObject({ active: 0, totalMs: 0, maxMs: 0, p50Ms: 0 })
    expect(tracking.snapshot()[0]).not.toHaveProperty('service')
    await fn().catch(() => {})
    expect(observer.queries).toHaveLength(2)
    expect(tracking.snapshot()[0]).toMatchObject({ calls: 1, errors: { application: 1 }, slow: 0 })
    configureTracking({ seriesLimit: 1, onMonitorError: (error) => void told.push(error) })
    withQueryTracking(async () => 1, { operation: 'past_again' })
    expect(told).toHaveLength(2)
  })
})

describe('the recording observer', () => {
  it('keeps events in order until it is cleared', async () => {
    const observer = createRecordingObserver()
    tracking.observe(observer)
    await withQueryTracking(async () => 1, { operation: 'op' })()
    expect(observer.queries).toHaveLength(1)
    observer.clear()
    expect(observer.queries).toEqual([])
  })
})

describe('the recording Session', () => {
  it('answers the latest script that matches, else no rows, and says what it was sent', async () => {
    const { session, steps, when } = createRecordingSession()
    const row = { id: 1 }
    when('users', { rows: [row], rowCount: 7, command: 'FETCH' })
    when(/users where id/g, ({ values }) => ({ rows: [values] }))
    expect(await session.query('select * from users')).toEqual({ rows: [row], rowCount: 7, command: 'FETCH' })
    expect((await session.query('select * from users')).rows[0]).toBe(row)
    for (const id of [1, 2]) expect((await session.query('select from users where id', [id])).rows).toEqual([[id]])
    expect(await session.query('update t')).toEqual({ rows: [], rowCount: 0, command: 'UPDATE' })
    expect(steps.at(-2)).toEqual({ kind: 'query', text: 'select from users where id', values: [2] })
  })

  it('rejects with a scripted error, undefined included', async () => {
    const { session, when } = createRecordingSession()
    when('bad', { error: undefined })
    const seen: unknown[] = ['nothing']
    await session.query('bad').catch((error) => seen.splice(0, 1, error))
    expect(seen).toEqual([undefined])
  })

  it('numbers its transactions in the steps', async () => {
    const { session, steps } = createRecordingSession()
    for (const text of ['a', 'b']) await session.transaction((transaction) => transaction.query(text))
    expect(steps.map(({ text, transaction }) => [text, transaction])).toEqual([
      ['begin', 1],
      ['a', 1],
      ['commit', 1],
      ['begin', 2],
      ['b', 2],
      ['commit', 2],
    ])
  })
})
