import { describe, expect, it } from 'vitest'
import { createSession, discardConnection } from '../adapter-functions.ts'
import { createTracker } from '../default-tracking.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import type { Session, TransactionOptions } from './session.ts'

const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return 'nothing was thrown'
}

const refused = (code: string) => ({ error: Object.assign(new Error('refused'), { code }) })

describe('a transaction Session used after the end', () => {
  it.each([
    ['committed', async () => 1],
    ['rolled back', () => Promise.reject(new Error('x'))],
  ])('L9: rejects in every way once it is %s, and sends nothing', async (_end, work) => {
    const { session, steps } = createRecordingSession()
    let late: Session | undefined
    await session
      .transaction((transaction) => {
        late = transaction
        return work()
      })
      .catch(() => {})
    const sent = steps.length
    expect(await codeOf(async () => late?.query('select 1'))).toBe('PGTALLY_TRANSACTION_CLOSED')
    expect(await codeOf(async () => late?.transaction(work))).toBe('PGTALLY_TRANSACTION_CLOSED')
    expect(await codeOf(async () => late?.stream('select 1')[Symbol.asyncIterator]().next())).toBe(
      'PGTALLY_TRANSACTION_CLOSED',
    )
    expect(steps).toHaveLength(sent)
  })

  it('L9: the Session bound to a tracked transaction and one bound inside it too', async () => {
    const { session } = createRecordingSession()
    const tracker = createTracker()
    const late: Session[] = []
    const inner = tracker.withQueryTracking(async (given: Session) => void late.push(given), { operation: 'q' })
    const outer = tracker.withTransactionTracking(
      async (transaction) => {
        late.push(transaction)
        await inner(transaction)
        await transaction.transaction(async (savepoint) => void late.push(savepoint))
      },
      { operation: 't' },
    )
    await outer(session)
    expect(late).toHaveLength(3)
    for (const one of late) expect(await codeOf(() => one.query('select 1'))).toBe('PGTALLY_TRANSACTION_CLOSED')
  })

  it('L14: waits for statements that the work did not await', async () => {
    const { session, steps, when } = createRecordingSession()
    let answer = () => {}
    when('slow', () => new Promise((resolve) => (answer = () => resolve({}))))
    const running = session.transaction(async (transaction) => {
      void transaction.query('slow')
      void transaction.query('select 2')
    })
    await new Promise(setImmediate)
    expect(steps.map(({ kind }) => kind)).toEqual(['begin', 'query', 'query'])
    answer()
    await running
    expect(steps.at(-1)?.kind).toBe('commit')
  })
})

describe('transaction control as text', () => {
  it.each([['begin'], ['COMMIT'], ['/* c */ rollback'], ['select 1; commit'], ['savepoint a'], ['start transaction']])(
    'is refused on every Session, before it is sent: %s',
    async (text) => {
      const { session, steps } = createRecordingSession()
      expect(await codeOf(() => session.query(text))).toBe('PGTALLY_TRANSACTION_CONTROL')
      await session.transaction(async (transaction) => {
        expect(await codeOf(() => transaction.query(text))).toBe('PGTALLY_TRANSACTION_CONTROL')
      })
      expect(steps.map(({ kind }) => kind)).toEqual(['begin', 'commit'])
    },
  )
})

describe('what a Session is given', () => {
  it.each([
    ['text', [7]],
    ['text', [undefined]],
    ['values', ['select', 'a string']],
    ['values', ['select', {}]],
    ['signal', ['select', [], { signal: {} }]],
    ['signal', ['select', [], { signal: null }]],
  ])('is refused where %s is wrong, as a rejection, before it is sent', async (name, args) => {
    const { session, steps } = createRecordingSession()
    const query = session.query.bind(session) as (...args: unknown[]) => Promise<unknown>
    const error = await query(...args).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'PGTALLY_INVALID_OPTION' })
    expect((error as Error).message).toMatch(new RegExp(`^${name}: .* is needed`))
    expect(steps).toEqual([])
  })

  it.each<[string, unknown, RegExp]>([
    ['isolationLevel', { isolationLevel: 'serializable; drop table t' }, /isolationLevel: got "serializable; drop/],
    ['inherited isolationLevel', Object.create({ isolationLevel: 'chaos' }), /isolationLevel: got "chaos"/],
    ['readOnly', { readOnly: 1 }, /readOnly: got number\. Allowed is true, false/],
    ['deferrable', { deferrable: 'yes' }, /deferrable: got "yes"/],
    ['an unknown one', { isolation: 'serializable' }, /got "isolation"\. Allowed is 'isolationLevel', 'readOnly'/],
    ['none at all', null, /transaction options: got null/],
  ])('L12: a transaction option is refused before a connection is taken: %s', async (_name, options, message) => {
    const { session, steps } = createRecordingSession()
    const error = await session.transaction(async () => 1, options as TransactionOptions).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'PGTALLY_INVALID_OPTION', message: expect.stringMatching(message) })
    expect(steps).toEqual([])
  })

  it('L12: BEGIN is told what was checked, not what an object says the second time', async () => {
    const { session, steps } = createRecordingSession()
    let reads = 0
    const options = {
      get isolationLevel() {
        return ++reads === 1 ? ('serializable' as const) : ('serializable; drop table t' as 'serializable')
      },
    }
    await session.transaction(async () => 1, options)
    expect(steps[0]?.text).toBe('begin isolation level serializable')
  })

  it('is an option for a savepoint: refused, the transaction goes on', async () => {
    const { session, steps } = createRecordingSession()
    await session.transaction(async (transaction) => {
      const error = await transaction.transaction(async () => 1, { readOnly: true }).catch((reason) => reason)
      expect(error).toMatchObject({ code: 'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED' })
    })
    expect(steps.map(({ kind }) => kind)).toEqual(['begin', 'commit'])
  })
})

describe('discardConnection', () => {
  it('discards the connection of a transaction, of its savepoints and bindings; elsewhere it does nothing', async () => {
    let discarded = 0
    const { session: base } = createRecordingSession()
    const session = createSession({
      capabilities: base.capabilities,
      query: () => expect.fail('not used'),
      stream: () => expect.fail('not used'),
      async transaction(_options, work) {
        const answered = { rows: [], rowCount: 0, command: '', statementCount: 1, totalRowCount: 0 }
        await work({
          query: () => ({ result: Promise.resolve(answered), cancel() {}, abandon() {} }),
          stream: () => expect.fail('not used'),
          discard: () => void discarded++,
        })
        return { outcome: 'committed' }
      },
    })
    const tracker = createTracker()
    const bound = tracker.withQueryTracking(async (given: Session) => discardConnection(given), { operation: 'q' })
    await session.transaction(async (transaction) => {
      discardConnection(transaction)
      await bound(transaction)
      await transaction.transaction(async (savepoint) => discardConnection(savepoint))
    })
    expect(discarded).toBe(3)
    for (const other of [session, new Proxy(session, {}), {}, null, undefined]) discardConnection(other as Session)
    expect(discarded).toBe(3)
  })
})

describe('law 4: what a transaction resolves and rejects with', () => {
  it.each([[undefined], [null], ['text'], [Symbol('s')], [Object.freeze(new Error('frozen'))]])(
    'L4: rejects with the very value that was thrown: %s',
    async (thrown) => {
      const { session } = createRecordingSession()
      const seen: unknown[] = []
      await session.transaction(() => Promise.reject(thrown)).catch((error) => seen.push(error))
      const sync = () => {
        throw thrown
      }
      await session.transaction(sync).catch((error) => seen.push(error))
      await session.transaction((transaction) => transaction.transaction(sync)).catch((error) => seen.push(error))
      expect(seen).toEqual([thrown, thrown, thrown])
      for (const one of seen) expect(Object.is(one, thrown)).toBe(true)
    },
  )

  it('L3: a swallowed error makes COMMIT reject, with the first error as cause', async () => {
    const { session, when } = createRecordingSession()
    const bad = refused('23505')
    when('bad', bad)
    const running = session.transaction(async (transaction) => {
      await transaction.query('bad').catch(() => {})
      return 'all is well'
    })
    await expect(running).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK', cause: bad.error })
  })
})
