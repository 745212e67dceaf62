import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

interface Tx {
  readonly number: number
}

const setUp = () => {
  const clock = createManualClock()
  const observer = createRecordingObserver()
  const tracker = createTracker({ clock, observers: [observer] })
  /** As an ORM's: begins, runs the work, commits or rolls back, each taking 1, 10 and 100 ms. */
  const database = {
    begun: [] as unknown[][],
    commit: async () => {},
    async transaction<Result>(work: (transaction: Tx) => Promise<Result>, ...more: unknown[]): Promise<Result> {
      this.begun.push(more)
      clock.advance(1)
      const result = await work({ number: this.begun.length })
      clock.advance(100)
      await this.commit()
      return result
    },
  }
  return { clock, observer, tracker, database }
}

const lost = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })

describe('a tracked transaction on a database that is no Session', () => {
  it('asks for a plain transaction(work), as a method, and reports what it can see', async () => {
    const { tracker, observer, database, clock } = setUp()
    const fn = tracker.withTransactionTracking(
      async (transaction: Tx, by: number) => {
        clock.advance(10)
        return transaction.number + by
      },
      { operation: 'op' },
    )
    expect(await fn(database, 5)).toBe(6)
    expect(database.begun).toEqual([[]])
    expect(observer.transactions).toEqual([
      {
        id: expect.any(String),
        operation: 'op',
        startedAt: 0,
        durationMs: 111,
        beginMs: 1,
        workMs: 10,
        finishMs: 100,
        outcome: 'committed',
        expected: false,
        slow: false,
        slowThresholdMs: 2000,
        depth: 0,
      },
    ])
    expect(tracker.operations()[0]?.sessionHandedOver).toBe(false)
  })

  it('law 1: rejects with what the database rejects with, also a synchronous throw', async () => {
    const { tracker, observer } = setUp()
    const error = new Error('refused')
    const fn = tracker.withTransactionTracking(async (_tx: Tx) => 1, { operation: 'op' })
    await expect(fn({ transaction: () => Promise.reject(error) })).rejects.toBe(error)
    const throwing = () => {
      throw error
    }
    expect(() => fn({ transaction: throwing })).toThrow(error)
    expect(observer.transactions.map(({ outcome, beginMs, workMs }) => [outcome, beginMs, workMs])).toEqual([
      ['rolled_back', 0, 0],
      ['rolled_back', 0, 0],
    ])
    expect(tracker.snapshot()[0]).toMatchObject({ calls: 2, active: 0 })
  })

  it('is unknown where the connection was lost after the work had ended well', async () => {
    const { tracker, observer, database } = setUp()
    const error = lost()
    database.commit = () => Promise.reject(error)
    const fn = tracker.withTransactionTracking(async (_tx: Tx) => 1, { operation: 'op' })
    await expect(fn(database)).rejects.toBe(error)
    expect(observer.transactions[0]).toMatchObject({ outcome: 'unknown', errorKind: 'outcome_unknown' })
    expect(observer.transactions[0]).not.toHaveProperty('rollbackReason')
  })

  it.each([
    ['before the work began', () => Promise.reject(lost())],
    ['in the work', (work: (tx: Tx) => Promise<unknown>) => work({ number: -1 })],
    [
      'in a second run of the work, which never ended',
      async (work: (tx: Tx) => Promise<unknown>) => {
        await work({ number: 1 })
        void work({ number: 0 })
        throw lost()
      },
    ],
  ])('is rolled back where the connection was lost %s', async (_when, transaction) => {
    const { tracker, observer } = setUp()
    const fn = tracker.withTransactionTracking(
      async ({ number }: Tx): Promise<unknown> => {
        if (number < 0) throw lost()
        return number === 0 ? new Promise(() => {}) : 1
      },
      { operation: 'op' },
    )
    await fn({ transaction: transaction as never }).catch(() => {})
    expect(observer.transactions[0]).toMatchObject({ outcome: 'rolled_back', rollbackReason: 'connection_lost' })
  })

  it('is rolled back where COMMIT was refused by another error than a loss', async () => {
    const { tracker, observer, database } = setUp()
    database.commit = () => Promise.reject(Object.assign(new Error(), { code: '40001' }))
    await tracker
      .withTransactionTracking(async (_tx: Tx) => 1, { operation: 'op' })(database)
      .catch(() => {})
    expect(observer.transactions[0]).toMatchObject({ outcome: 'rolled_back', rollbackReason: 'serialization_failure' })
  })

  it('law 3: of a library that runs the work again is one event, from the first start to the last end', async () => {
    const { tracker, observer, clock } = setUp()
    const retrying = {
      async transaction<Result>(work: (transaction: Tx) => Promise<Result>): Promise<Result> {
        clock.advance(1)
        await work({ number: 1 }).catch(() => {})
        clock.advance(20)
        const result = await work({ number: 2 })
        clock.advance(4)
        return result
      },
    }
    const fn = tracker.withTransactionTracking(
      async ({ number }: Tx) => {
        clock.advance(100)
        if (number === 1) throw Object.assign(new Error(), { code: '40001' })
        return number
      },
      { operation: 'op' },
    )
    expect(await fn(retrying)).toBe(2)
    expect(observer.transactions).toMatchObject([
      { outcome: 'committed', durationMs: 225, beginMs: 1, workMs: 220, finishMs: 4 },
    ])
  })

  it('transact says it in its own words, and is given the database and the work alone', async () => {
    const { tracker, observer } = setUp()
    const given: unknown[][] = []
    const pool = { connect: async () => ({ number: 7 }) }
    const fn = tracker.withTransactionTracking(async ({ number }: Tx, by: number) => number + by, {
      operation: 'op',
      transact: async (database: typeof pool, work, ...more: unknown[]) => {
        given.push([database, ...more])
        return work(await database.connect())
      },
    })
    expect(await fn(pool, 3)).toBe(10)
    expect(given).toEqual([[pool]])
    expect(observer.transactions).toMatchObject([{ outcome: 'committed' }])
  })

  it('refuses options that the database would drop, before anything begins', async () => {
    const { tracker, observer, database } = setUp()
    let calls = 0
    const fn = tracker.withTransactionTracking(async (_tx: Tx) => ++calls, {
      operation: 'op',
      isolationLevel: 'serializable',
      readOnly: true,
    } as { operation: string })
    const error = await fn(database).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED' })
    expect((error as Error).message).toMatch(/isolationLevel, readOnly.*transact/s)
    expect({ calls, begun: database.begun }).toEqual({ calls: 0, begun: [] })
    expect(observer.transactions).toMatchObject([{ outcome: 'rolled_back' }])
  })

  it('refuses options together with transact at once', () => {
    const { tracker } = setUp()
    const options = { operation: 'op', transact: () => Promise.resolve(), deferrable: true }
    expect(() => tracker.withTransactionTracking(async (_tx: Tx) => 1, options as never)).toThrow(
      expect.objectContaining({ code: 'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED' }),
    )
  })

  it.each([[undefined], [null], ['a string'], [{}], [{ transaction: 1 }]])(
    'rejects for %s, which is no database, and says what to do',
    async (database) => {
      const { tracker } = setUp()
      const fn = tracker.withTransactionTracking(async (_tx: Tx) => 1, { operation: 'op' })
      await expect(fn(database as never)).rejects.toThrow(/transaction\(work\).*transact/)
      expect(tracker.snapshot()[0]).toMatchObject({ calls: 1, active: 0 })
    },
  )

  it('a proxy of a Session works, unbound, as any other database', async () => {
    const { tracker, observer } = setUp()
    const { session, steps } = createRecordingSession()
    const fn = tracker.withTransactionTracking((transaction) => transaction.query('select 1'), { operation: 'op' })
    await fn(new Proxy(session, {}))
    expect(steps.map(({ kind }) => kind)).toEqual(['begin', 'query', 'commit'])
    expect(observer.transactions[0]).toMatchObject({ outcome: 'committed' })
    expect(observer.transactions[0]).not.toHaveProperty('statementCount')
  })
})
