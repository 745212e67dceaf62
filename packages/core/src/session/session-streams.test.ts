import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import type { Session } from './session.ts'

const rowsOf = (count: number) => ({ rows: Array.from({ length: count }, (_, id) => ({ id })) })

const setUp = () => {
  const observer = createRecordingObserver()
  const tracker = createTracker({ observers: [observer] })
  const recording = createRecordingSession()
  recording.when('select', rowsOf(250))
  return { observer, tracker, ...recording }
}

const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return 'nothing was thrown'
}

const readAll = async (rows: AsyncIterable<unknown>, upTo = Number.POSITIVE_INFINITY): Promise<number> => {
  let read = 0
  for await (const _row of rows) if (++read >= upTo) break
  return read
}

describe('a stream of a Session', () => {
  it('sends nothing until it is read, then one statement, counted with its rows', async () => {
    const { tracker, observer, session, steps } = setUp()
    const fn = tracker.withStreamTracking((given: Session) => given.stream('select', [1]), { operation: 'rows' })
    const rows = fn(session)
    expect(steps).toEqual([])
    expect(await readAll(rows)).toBe(250)
    expect(steps).toEqual([{ kind: 'stream', text: 'select', values: [1] }])
    expect(observer.queries).toMatchObject([{ statementCount: 1, rowCount: 250 }])
  })

  it('counts for the call that it was made in, and the rows that were fetched', async () => {
    const { tracker, observer, session } = setUp()
    const fn = tracker.withQueryTracking(
      (given: Session) => readAll(given.stream('select', [], { batchSize: 10 }), 15),
      {
        operation: 'op',
      },
    )
    expect(await fn(session)).toBe(15)
    expect(observer.queries).toMatchObject([{ statementCount: 1, rowCount: 20 }])
  })

  it('rejects with the very error, and counts the statement', async () => {
    const { tracker, observer, session, when } = setUp()
    const error = Object.assign(new Error('no'), { code: '42P01' })
    when('select', { error })
    const fn = tracker.withStreamTracking((given: Session) => given.stream('select'), { operation: 'rows' })
    await expect(readAll(fn(session))).rejects.toBe(error)
    expect(observer.queries).toMatchObject([{ outcome: 'error', errorKind: 'undefined_table', statementCount: 1 }])
  })

  it.each([[0], [-1], [1.5], [Number.NaN], ['100']])(
    'refuses batchSize %s, which could look like the end of the rows',
    async (batchSize) => {
      const { session, steps } = setUp()
      const options = { batchSize: batchSize as number }
      await expect(readAll(session.stream('select', [], options))).rejects.toThrow(/batchSize: .*from 1/)
      const inTransaction = session.transaction((transaction) => readAll(transaction.stream('select', [], options)))
      await expect(inTransaction).rejects.toMatchObject({ code: 'PGTALLY_INVALID_OPTION' })
      expect(steps.map(({ kind }) => kind)).toEqual(['begin', 'rollback'])
    },
  )

  it('refuses transaction control', async () => {
    const { session, steps } = setUp()
    expect(await codeOf(() => readAll(session.stream('commit')))).toBe('PGTALLY_TRANSACTION_CONTROL')
    expect(steps).toEqual([])
  })
})

describe('a stream inside a transaction', () => {
  it('keeps other statements and savepoints out until it is read to its end, or left', async () => {
    const { session, steps } = setUp()
    await session.transaction(async (transaction) => {
      const rows = transaction.stream('select')[Symbol.asyncIterator]()
      await rows.next()
      expect(await codeOf(() => transaction.query('select 2'))).toBe('PGTALLY_STREAM_OPEN')
      expect(await codeOf(() => readAll(transaction.stream('select 2')))).toBe('PGTALLY_STREAM_OPEN')
      expect(await codeOf(() => transaction.transaction(async () => 1))).toBe('PGTALLY_STREAM_OPEN')
      await rows.return?.()
      await transaction.query('select 3')
      expect(await readAll(transaction.stream('select'))).toBe(250)
      await transaction.query('select 4')
    })
    expect(steps.map(({ text }) => text)).toEqual(['begin', 'select', 'select 3', 'select', 'select 4', 'commit'])
  })

  it('that fails lets go of the transaction, which then says so at its end', async () => {
    const { session, when } = setUp()
    const error = Object.assign(new Error('no'), { code: '22012' })
    when('select bad', { error })
    const running = session.transaction(async (transaction) => {
      await readAll(transaction.stream('select bad')).catch(() => {})
      await transaction.query('select 2').catch(() => {})
    })
    await expect(running).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK', cause: error })
  })

  it('that is abandoned is closed before COMMIT, and rejects when it is read later', async () => {
    const { session, steps } = setUp()
    let left: AsyncIterator<unknown> | undefined
    await session.transaction(async (transaction) => {
      left = transaction.stream('select', [], { batchSize: 1 })[Symbol.asyncIterator]()
      await left.next()
    })
    expect(steps.at(-1)?.kind).toBe('commit')
    expect(await codeOf(async () => left?.next())).toBe('PGTALLY_TRANSACTION_CLOSED')
  })

  it('that was never read is refused after the end', async () => {
    const { session } = setUp()
    let rows: AsyncIterable<unknown> | undefined
    await session.transaction(async (transaction) => {
      rows = transaction.stream('select')
    })
    expect(await codeOf(() => readAll(rows as AsyncIterable<unknown>))).toBe('PGTALLY_TRANSACTION_CLOSED')
  })
})
