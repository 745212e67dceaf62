import { createTracker, type Session } from '@pgtally/core'
import { createManualClock, createRecordingSession } from '@pgtally/core/testing'
import { describe, expect, it } from 'vitest'
import { joinOperations } from './build-report.ts'
import { watchCalls } from './watch-calls.ts'

const watched = () => {
  const clock = createManualClock()
  const tracker = createTracker({ clock, service: 'parcels' })
  const watch = watchCalls()
  tracker.observe(watch.observer)
  return { clock, tracker, watch, ...createRecordingSession() }
}

describe('watchCalls', () => {
  it('adds up statements and failures per operation, and finds them again in the snapshot', async () => {
    const { tracker, watch, session, when } = watched()
    when(/fail/, { error: Object.assign(new Error('taken'), { code: '23505' }) })
    const list = tracker.withQueryTracking(
      async (on: Session, texts: string[]) => {
        for (const text of texts) await on.query(text)
      },
      { operation: 'list', table: 'parcels', expectedErrors: ['unique_violation'] },
    )
    await list(session, ['select 1'])
    await list(session, ['select 1', 'select 2', 'select 3'])
    await list(session, ['fail']).catch(() => {})

    const [operation, ...others] = joinOperations(tracker.snapshot(), watch.facts())
    expect(others).toEqual([])
    expect(operation?.counted).toMatchObject({ operation: 'list', calls: 3, expectedErrors: 1 })
    expect(operation?.facts.statements).toMatchObject({ least: 1, most: 3 })
    expect(operation?.facts.failures).toEqual([{ kind: 'unique_violation', calls: 1, expected: 1, retryable: false }])
  })

  it('knows how long a transaction sat idle, after what, and which were slow', async () => {
    const { clock, tracker, watch, session } = watched()
    const weigh = tracker.withQueryTracking(async (on: Session) => (await on.query('select 1')).rows, {
      operation: 'weigh',
    })
    const ship = tracker.withTransactionTracking(
      async (transaction: Session, waitMs: number) => {
        await weigh(transaction)
        clock.advance(waitMs)
        await transaction.query('update parcels set shipped = true')
      },
      { operation: 'ship', slowThresholdMs: 100 },
    )
    await ship(session, 30)
    await ship(session, 200)

    const facts = watch.facts().find(({ series }) => series.operation === 'ship')
    expect(facts).toMatchObject({ longestIdleMs: 200, longestIdleAfter: 'weigh', slowThresholdMs: 100 })
    expect(facts?.idleMs).toMatchObject({ calls: 2, total: 230 })
    expect(facts?.whenSlow.idleMs).toMatchObject({ calls: 1, total: 200 })
  })
})
