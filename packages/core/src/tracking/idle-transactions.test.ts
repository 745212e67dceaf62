import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSession } from '../adapter-functions.ts'
import { createTracker } from '../default-tracking.ts'
import type { Session } from '../session/session.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const epochMs = 1_000_000
const clock = { now: () => Date.now() - epochMs, epochMs: () => Date.now() }

const setUp = (idleTransactionWarningMs?: number) => {
  const observer = createRecordingObserver()
  const options = idleTransactionWarningMs === undefined ? {} : { idleTransactionWarningMs }
  const tracker = createTracker({ clock, observers: [observer], ...options })
  return { observer, tracker, ...createRecordingSession() }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('idleTransactionWarningMs', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: epochMs })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('tells of a transaction that is still open and has been idle that long, once', async () => {
    const { tracker, observer, session } = setUp(100)
    const find = tracker.withQueryTracking((given: Session) => given.query('select 1'), { operation: 'find' })
    const fn = tracker.withTransactionTracking(
      async (transaction) => {
        await pause(40)
        await find(transaction)
        await pause(1000)
        await transaction.query('select 2')
        await pause(1000)
      },
      { operation: 'op', service: 'api' },
    )
    const running = fn(session)
    await vi.advanceTimersByTimeAsync(139)
    expect(observer.idleTransactions).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(observer.transactions).toEqual([])
    const warning = {
      id: expect.any(String),
      operation: 'op',
      service: 'api',
      idleMs: 100,
      openMs: 140,
      idleAfter: 'find',
    }
    expect(observer.idleTransactions).toEqual([warning])
    expect(Object.isFrozen(observer.idleTransactions[0])).toBe(true)
    await vi.advanceTimersByTimeAsync(5000)
    await running
    expect(observer.idleTransactions).toHaveLength(1)
    expect(observer.transactions[0]).toMatchObject({ id: observer.idleTransactions[0]?.id, idleMs: 2040 })
  })

  it('names no call where none had ended', async () => {
    const { tracker, observer, session } = setUp(100)
    const running = tracker.withTransactionTracking((_transaction: Session) => pause(150), { operation: 'op' })(session)
    await vi.advanceTimersByTimeAsync(150)
    await running
    expect(observer.idleTransactions).toEqual(
      [{ id: '1', operation: 'op', idleMs: 100, openMs: 100 }].map((event) => ({ ...event, id: expect.any(String) })),
    )
  })

  it('does not count time in which a statement runs, nor gaps that are short', async () => {
    const { tracker, observer, session, when } = setUp(100)
    when('slow', () => pause(500).then(() => ({})))
    const fn = tracker.withTransactionTracking(
      async (transaction) => {
        for (let round = 0; round < 5; round++) {
          await pause(99)
          await transaction.query('slow')
        }
      },
      { operation: 'op' },
    )
    const running = fn(session)
    await vi.advanceTimersByTimeAsync(10_000)
    await running
    expect(observer.idleTransactions).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([[undefined], [Number.POSITIVE_INFINITY], [2 ** 31]])('never tells with %s', async (ms) => {
    const { tracker, observer, session } = setUp(ms)
    const running = tracker.withTransactionTracking((_transaction: Session) => pause(60_000), { operation: 'op' })(
      session,
    )
    await vi.advanceTimersByTimeAsync(1)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    await running
    expect(observer.idleTransactions).toEqual([])
  })

  it('tells nothing of a transaction that has ended, whichever way', async () => {
    const { tracker, observer, session } = setUp(100)
    await tracker.withTransactionTracking(async (_transaction: Session) => 1, { operation: 'op' })(session)
    await tracker
      .withTransactionTracking((_transaction: Session) => Promise.reject(1), { operation: 'op' })(session)
      .catch(() => {})
    await vi.advanceTimersByTimeAsync(1000)
    expect(observer.idleTransactions).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells nothing of a transaction that ended by the loss of its connection, when its last statement fails later', async () => {
    const { tracker, observer, session: base } = setUp(100)
    const fatal = Object.assign(new Error('terminated'), { code: 'ECONNRESET' })
    const session = createSession({
      capabilities: base.capabilities,
      query: () => expect.fail('not used'),
      stream: () => expect.fail('not used'),
      async transaction(_options, work, call) {
        const verdict = await work({
          query: () => {
            setTimeout(() => call.lost(fatal), 10)
            const result = pause(50).then(() => Promise.reject(fatal))
            return { result, cancel() {}, abandon() {} }
          },
          stream: () => expect.fail('not used'),
          discard() {},
        })
        expect(verdict).toBe('abandon')
        return { outcome: 'rolled_back' }
      },
    })
    const fn = tracker.withTransactionTracking(
      async (transaction) => void transaction.query('select pg_sleep(1)').catch(() => {}),
      { operation: 'op' },
    )
    const running = fn(session).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(20)
    expect(await running).toBe(fatal)
    expect(observer.transactions).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(observer.idleTransactions).toEqual([])
  })
})
