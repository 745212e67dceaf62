import assert from 'node:assert/strict'
import { createTracker, type QueryEvent, type Session } from '@pgtally/core'
import { rejection } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'
import { watchTransaction } from '../watch-transaction.ts'

export const waitIsApart: SessionLaw = {
  number: 'L15',
  title: 'waiting for a connection is measured apart from execution, or not at all',
  needs: 'database',
  poolSize: 1,
  async check({ session }) {
    const events: QueryEvent[] = []
    const tracker = createTracker({ observers: [{ queryEnded: (event) => void events.push(event) }] })
    const sleep = tracker.withQueryTracking((bound: Session) => bound.query('select pg_sleep(0.1)'), {
      operation: 'session_law',
    })
    if (!session.capabilities.poolWait) {
      await sleep(session)
      assert.deepEqual(
        events.map((event) => 'poolWaitMs' in event),
        [false],
      )
      return
    }
    let waiting: Promise<unknown> | undefined
    await session.transaction(async (transaction) => {
      waiting = sleep(session)
      await transaction.query('select pg_sleep(0.2)')
    })
    await waiting
    await sleep(session)
    const [waited, atOnce] = events as [QueryEvent, QueryEvent]
    assert.equal(events.length, 2)
    assert.ok((waited.poolWaitMs ?? 0) >= 190, `waited for 200 ms, reported ${waited.poolWaitMs}`)
    assert.ok(waited.durationMs - (waited.poolWaitMs ?? 0) >= 90, 'execution was counted as waiting')
    assert.ok((atOnce.poolWaitMs ?? 1000) < 90, `a free connection, and a wait of ${atOnce.poolWaitMs} ms`)
  },
}

export const neverBegan: SessionLaw = {
  number: 'L15',
  title: 'a connection that cannot be had is one rejection and one event, and work is not called',
  needs: 'server',
  viaProxy: true,
  async check({ session, proxy }) {
    proxy.refuse(true)
    proxy.reset()
    let calls = 0
    const { rejection: rejected, events } = await watchTransaction(session, async () => {
      calls += 1
    })
    assert.ok(rejected, 'transaction resolved without a connection')
    assert.equal(calls, 0)
    assert.deepEqual(
      events.map(({ outcome, workMs }) => ({ outcome, workMs })),
      [{ outcome: 'rolled_back', workMs: 0 }],
    )
    await rejection(session.query('select 1'), 'a statement without a connection')
  },
}
