import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Session } from '../session/session.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const setUp = () => {
  const observer = createRecordingObserver()
  const tracker = createTracker({ enabled: false, observers: [observer] })
  return { observer, tracker, ...createRecordingSession() }
}

interface Tx {
  readonly number: number
}

describe('law 1: with the tracker off', () => {
  it('a transaction still begins with its options, commits, and passes this, arguments and the value', async () => {
    const { tracker, observer, session, steps } = setUp()
    const value = {}
    const fn = tracker.withTransactionTracking(
      async function (this: unknown, transaction: Session, ...rest: number[]) {
        await transaction.query('select 1')
        return { self: this, rest, value }
      },
      { operation: 'op', isolationLevel: 'repeatable read', readOnly: false },
    )
    const self = { fn }
    const seen = await self.fn(session, 1, 2)
    expect(seen.self).toBe(self)
    expect(seen).toMatchObject({ rest: [1, 2] })
    expect(seen.value).toBe(value)
    expect(steps.map(({ text }) => text)).toEqual([
      'begin isolation level repeatable read read write',
      'select 1',
      'commit',
    ])
    expect(observer.transactions).toEqual([])
    expect(tracker.snapshot()).toMatchObject([{ calls: 0, active: 0 }])
  })

  it('a transaction still rolls back and rejects with the very error, and so does a savepoint', async () => {
    const { tracker, session, steps } = setUp()
    const error = Symbol('thrown')
    const fn = tracker.withTransactionTracking((_transaction: Session) => Promise.reject(error), { operation: 'op' })
    await expect(fn(session)).rejects.toBe(error)
    await session.transaction((transaction) => fn(transaction).catch(() => {}))
    expect(steps.map(({ kind }) => kind)).toEqual([
      'begin',
      'rollback',
      'begin',
      'savepoint',
      'rollback to savepoint',
      'release savepoint',
      'commit',
    ])
  })

  it('a foreign database and transact are used as ever, and what they cannot do is refused', async () => {
    const { tracker } = setUp()
    const database = { transaction: async <Result>(work: (tx: Tx) => Promise<Result>) => work({ number: 1 }) }
    const work = async ({ number }: Tx, by: number) => number + by
    expect(await tracker.withTransactionTracking(work, { operation: 'op' })(database, 1)).toBe(2)
    const transact = (given: Tx, run: (tx: Tx) => Promise<number>) => run(given)
    expect(await tracker.withTransactionTracking(work, { operation: 'op', transact })({ number: 5 }, 1)).toBe(6)
    const strict = tracker.withTransactionTracking(work, { operation: 'op', readOnly: true } as { operation: string })
    await expect(strict(database, 1)).rejects.toMatchObject({ code: 'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED' })
    await expect(
      tracker.withTransactionTracking(work, { operation: 'op' })({} as typeof database, 1),
    ).rejects.toMatchObject({ code: 'PGTALLY_INVALID_OPTION' })
  })

  it('bad options are refused all the same', () => {
    const { tracker } = setUp()
    expect(() => tracker.withQueryTracking(async () => 1, { operation: 'a b' })).toThrow(/operation: got "a b"/)
  })
})
