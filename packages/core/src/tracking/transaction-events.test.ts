import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Session } from '../session/session.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const setUp = () => {
  const clock = createManualClock({ epochMs: 1_000_000 })
  const observer = createRecordingObserver()
  const tracker = createTracker({ clock, observers: [observer] })
  const recording = createRecordingSession()
  const { when } = recording
  /** What is sent takes this long. */
  const takes = (text: string | RegExp, ms: number) =>
    when(text, () => {
      clock.advance(ms)
      return {}
    })
  return { clock, observer, tracker, takes, ...recording }
}

const refused = (code: string) => ({ error: Object.assign(new Error('refused'), { code }) })

describe('a transaction event on a Session', () => {
  it('splits its time into begin, work and finish, and adds up the idle part', async () => {
    const { tracker, observer, session, clock, takes } = setUp()
    takes('begin', 3)
    takes('commit', 4)
    takes('select', 10)
    const find = tracker.withQueryTracking((given: Session) => given.query('select 1'), { operation: 'find' })
    const fn = tracker.withTransactionTracking(
      async (transaction) => {
        clock.advance(1)
        await transaction.query('select 0')
        clock.advance(2)
        await find(transaction)
        clock.advance(30)
        await transaction.query('select 2')
        clock.advance(5)
      },
      { operation: 'op', service: 'api' },
    )
    await fn(session)
    expect(observer.transactions).toEqual([
      {
        id: expect.any(String),
        operation: 'op',
        service: 'api',
        startedAt: 1_000_000,
        durationMs: 75,
        beginMs: 3,
        workMs: 68,
        finishMs: 4,
        idleMs: 38,
        longestIdleMs: 30,
        longestIdleAfter: 'find',
        statementCount: 3,
        outcome: 'committed',
        expected: false,
        slow: false,
        slowThresholdMs: 2000,
        depth: 0,
      },
    ])
  })

  it('names no call where the longest idle time came after none', async () => {
    const { tracker, observer, session, clock } = setUp()
    const fn = tracker.withTransactionTracking(
      async (transaction) => {
        clock.advance(9)
        await transaction.query('select 1')
        clock.advance(8)
      },
      { operation: 'op' },
    )
    await fn(session)
    expect(observer.transactions[0]).toMatchObject({ idleMs: 17, longestIdleMs: 9 })
    expect(observer.transactions[0]).not.toHaveProperty('longestIdleAfter')
  })

  it('names no call where there was no idle time', async () => {
    const { tracker, observer, session } = setUp()
    const find = tracker.withQueryTracking((given: Session) => given.query('select 1'), { operation: 'find' })
    await tracker.withTransactionTracking((transaction: Session) => find(transaction), { operation: 'op' })(session)
    expect(observer.transactions[0]).toMatchObject({ idleMs: 0, longestIdleMs: 0 })
    expect(observer.transactions[0]).not.toHaveProperty('longestIdleAfter')
  })

  it('is not idle while any of several statements runs', async () => {
    const { tracker, observer, session, clock, when } = setUp()
    const answers: (() => void)[] = []
    when('slow', () => new Promise((resolve) => answers.push(() => resolve({}))))
    const turn = () => new Promise(setImmediate)
    const fn = tracker.withTransactionTracking(
      async (transaction) => {
        const both = [transaction.query('slow 1'), transaction.query('slow 2')]
        await turn()
        clock.advance(5)
        answers[0]?.()
        await both[0]
        clock.advance(5)
        await turn()
        answers[1]?.()
        await both[1]
        clock.advance(1)
      },
      { operation: 'op' },
    )
    await fn(session)
    expect(observer.transactions[0]).toMatchObject({ workMs: 11, idleMs: 1, statementCount: 2 })
  })

  it('of work that throws is rolled back for that reason, with that very error', async () => {
    const { tracker, observer, session, steps, takes } = setUp()
    takes('rollback', 6)
    const error = Object.assign(new Error('taken'), { code: '23505' })
    const fn = tracker.withTransactionTracking((_transaction: Session) => Promise.reject(error), { operation: 'op' })
    await expect(fn(session)).rejects.toBe(error)
    expect(observer.transactions[0]).toMatchObject({
      outcome: 'rolled_back',
      errorKind: 'unique_violation',
      rollbackReason: 'unique_violation',
      sqlState: '23505',
      expected: false,
      finishMs: 6,
    })
    expect(observer.transactions[0]?.error).toBe(error)
    expect(steps.map(({ kind }) => kind)).toEqual(['begin', 'rollback'])
  })

  it('says so when ROLLBACK fails, and keeps the error that led to it', async () => {
    const { tracker, observer, session, when } = setUp()
    const error = new Error('of the work')
    when('rollback', refused('57P01'))
    const fn = tracker.withTransactionTracking((_transaction: Session) => Promise.reject(error), { operation: 'op' })
    await expect(fn(session)).rejects.toBe(error)
    expect(observer.transactions[0]).toMatchObject({
      outcome: 'rolled_back',
      rollbackReason: 'application',
      rollbackErrorKind: 'server_shutdown',
    })
    expect(observer.transactions[0]?.error).toBe(error)
  })

  it('law 4: of swallowed errors is commit_rolled_back, with the first of them as the cause', async () => {
    const { tracker, observer, session, when } = setUp()
    const bad = refused('23505')
    when('bad', bad)
    const fn = tracker.withTransactionTracking(
      async (transaction) => {
        await transaction.query('bad').catch(() => {})
        await transaction.query('select 1').catch(() => {})
      },
      { operation: 'op' },
    )
    await expect(fn(session)).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK', cause: bad.error })
    expect(observer.transactions[0]).toMatchObject({
      outcome: 'rolled_back',
      errorKind: 'commit_rolled_back',
      rollbackReason: 'commit_rolled_back',
      statementCount: 2,
    })
  })

  it('of a COMMIT refused by an SQL error is rolled back with that error', async () => {
    const { tracker, observer, session, when, steps } = setUp()
    const bad = refused('40001')
    when('commit', bad)
    const fn = tracker.withTransactionTracking(async (_transaction: Session) => 1, { operation: 'op' })
    await expect(fn(session)).rejects.toBe(bad.error)
    expect(observer.transactions[0]).toMatchObject({ outcome: 'rolled_back', rollbackReason: 'serialization_failure' })
    expect(steps.map(({ kind }) => kind)).toEqual(['begin', 'commit'])
  })

  it('of a connection lost in COMMIT is unknown, and not called rolled back', async () => {
    const { tracker, observer, session, when } = setUp()
    const bad = refused('ECONNRESET')
    when('commit', bad)
    const fn = tracker.withTransactionTracking(async (_transaction: Session) => 1, { operation: 'op' })
    await expect(fn(session)).rejects.toBe(bad.error)
    expect(observer.transactions[0]).toMatchObject({ outcome: 'unknown', errorKind: 'outcome_unknown' })
    expect(observer.transactions[0]).not.toHaveProperty('rollbackReason')
    expect(tracker.snapshot()[0]).toMatchObject({ errors: { outcome_unknown: 1 } })
  })

  it('that never began is rolled back, all its time being begin, and has no idle time', async () => {
    const { tracker, observer, session, clock, when } = setUp()
    const error = Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' })
    when('begin', () => {
      clock.advance(7)
      throw error
    })
    let calls = 0
    const fn = tracker.withTransactionTracking(async (_transaction: Session) => ++calls, { operation: 'op' })
    await expect(fn(session)).rejects.toBe(error)
    expect(calls).toBe(0)
    const [event] = observer.transactions
    expect(event).toMatchObject({ outcome: 'rolled_back', durationMs: 7, beginMs: 7, workMs: 0, finishMs: 0 })
    for (const absent of ['idleMs', 'longestIdleMs', 'statementCount']) expect(event).not.toHaveProperty(absent)
    expect(tracker.snapshot()[0]).toMatchObject({ calls: 1, active: 0 })
  })
})
