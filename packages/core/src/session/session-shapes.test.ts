import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSession } from '../adapter-functions.ts'
import { createTracker } from '../default-tracking.ts'
import { sessionIdentity } from '../session-identity.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import type { Session } from './session.ts'

const setUp = () => {
  const observer = createRecordingObserver()
  const tracker = createTracker({ observers: [observer] })
  return { observer, tracker, ...createRecordingSession() }
}

/** Everything that can be done with a Session. */
const useAll = async (session: Session) => {
  await session.query('select 1')
  for await (const _row of session.stream('select 2'));
  await session.transaction((transaction) => transaction.query('select 3'))
  return session.capabilities.cancel
}

const allTexts = ['select 1', 'select 2', 'begin', 'select 3', 'commit']

class Decorated implements Session {
  readonly inner: Session
  constructor(inner: Session) {
    this.inner = inner
  }
  get capabilities() {
    return this.inner.capabilities
  }
  query: Session['query'] = (...args) => this.inner.query(...args)
  stream: Session['stream'] = (...args) => this.inner.stream(...args)
  transaction: Session['transaction'] = (...args) => this.inner.transaction(...args)
}

const others: Readonly<Record<string, (session: Session) => Session>> = {
  'a proxy': (session) => new Proxy(session, {}),
  'a proxy of a proxy': (session) => new Proxy(new Proxy(session, {}), {}),
  'an heir by Object.create': (session) => Object.create(session),
  'a spread with methods of its own': (session) => ({ ...session, ...methodsOf(session) }),
  'a decorator class': (session) => new Decorated(session),
  'an object of the same prototype': (session) =>
    Object.assign(Object.create(Object.getPrototypeOf(session)), { ...session }),
}

const methodsOf = (session: Session): Session => ({
  capabilities: session.capabilities,
  query: (...args) => session.query(...args),
  stream: (...args) => session.stream(...args),
  transaction: (...args) => session.transaction(...args),
})

describe.each(Object.entries(others))('%s of a Session', (_kind, make) => {
  it('works, and reaches a tracked function as the very object, unbound', async () => {
    const { tracker, observer, session, steps } = setUp()
    const other = make(session)
    expect(await useAll(other)).toBe(true)
    expect(steps.map(({ text }) => text)).toEqual(allTexts)
    let received: unknown
    const fn = tracker.withQueryTracking(
      async (given: Session) => {
        received = given
        await useAll(given)
      },
      { operation: 'op' },
    )
    await fn(other)
    expect(received).toBe(other)
    expect(steps).toHaveLength(2 * allTexts.length)
    expect(observer.queries[0]).not.toHaveProperty('statementCount')
    expect(tracker.operations()[0]?.sessionHandedOver).toBe(false)
  })
})

describe('a Session handed to a tracked function', () => {
  it('arrives bound to the call: another object that does the same', async () => {
    const { tracker, observer, session, steps } = setUp()
    let received: unknown
    const fn = tracker.withQueryTracking(
      async (given: Session) => {
        received = given
        return useAll(given)
      },
      { operation: 'op' },
    )
    expect(await fn(session)).toBe(true)
    expect(received).not.toBe(session)
    expect(steps.map(({ text }) => text)).toEqual(allTexts)
    expect(observer.queries[0]).toMatchObject({ statementCount: 3 })
    expect(tracker.operations()[0]?.sessionHandedOver).toBe(true)
  })

  it('is not bound while the tracker is off', async () => {
    const { tracker, session } = setUp()
    tracker.configure({ enabled: false })
    const fn = tracker.withQueryTracking(async (given: Session) => given, { operation: 'op' })
    expect(await fn(session)).toBe(session)
  })

  it('is bound as the first argument only', async () => {
    const { tracker, session } = setUp()
    const fn = tracker.withQueryTracking(async (_id: number, given: Session) => given, { operation: 'op' })
    expect(await fn(1, session)).toBe(session)
  })
})

describe('sessionIdentity', () => {
  it('is the same object for every binding of one database, and of one transaction', async () => {
    const { tracker, session } = setUp()
    const identify = tracker.withQueryTracking(async (given: Session) => sessionIdentity(given), { operation: 'op' })
    const nested = tracker.withQueryTracking((given: Session) => identify(given), { operation: 'nested' })
    expect(await identify(session)).toBe(sessionIdentity(session))
    expect(await nested(session)).toBe(sessionIdentity(session))
    expect(sessionIdentity(session)).toBe(session)
    await session.transaction(async (transaction) => {
      expect(await nested(transaction)).toBe(sessionIdentity(transaction))
      expect(sessionIdentity(transaction)).not.toBe(sessionIdentity(session))
      await transaction.transaction(async (savepoint) => {
        expect(sessionIdentity(savepoint)).not.toBe(sessionIdentity(transaction))
        expect(await identify(savepoint)).toBe(sessionIdentity(savepoint))
      })
    })
    const transfer = tracker.withTransactionTracking(async (transaction) => [transaction, await nested(transaction)], {
      operation: 'tx',
    })
    const [transaction, identity] = await transfer(session)
    expect(identity).toBe(sessionIdentity(transaction as Session))
  })

  it('of two databases differs, and anything no adapter made is its own', () => {
    const [one, two] = [createRecordingSession().session, createRecordingSession().session]
    expect(sessionIdentity(one)).not.toBe(sessionIdentity(two))
    const proxy = new Proxy(one, {})
    expect(sessionIdentity(proxy)).toBe(proxy)
    expect(sessionIdentity(null as never)).toBe(null)
  })
})

describe('law 5: a Session', () => {
  it('shows nothing of its driver, connection string and statements to who prints it', async () => {
    const secret = 'postgres://user:hunter2@host/db'
    const { session: base } = createRecordingSession()
    const session = createSession({
      capabilities: base.capabilities,
      pool: { pool: { secret }, name: secret, read: () => ({ used: 0, idle: 0, pending: 0, limit: 1 }) },
      query: () => ({
        result: Promise.resolve({ rows: [], rowCount: 0, command: '', statementCount: 1, totalRowCount: 0 }),
        cancel() {},
        abandon() {},
      }),
      stream: () => expect.fail('not used'),
      transaction: () => expect.fail('not used'),
      secret,
    } as never)
    const tracker = createTracker()
    const seen: Session[] = [session]
    const fn = tracker.withQueryTracking(
      async (given: Session) => {
        seen.push(given)
        await given.query(`select '${secret}'`, [secret])
      },
      { operation: 'op' },
    )
    await fn(session)
    for (const one of seen) {
      expect(inspect(one, { showHidden: true, depth: 20 })).not.toContain('hunter2')
      expect(inspect({ one }, { depth: 20 })).not.toContain('hunter2')
      expect(JSON.stringify({ ...one })).not.toContain('hunter2')
    }
    expect(seen).toHaveLength(2)
  })

  it('does not survive destructuring: the method says so at once', () => {
    const { session } = createRecordingSession()
    const { query } = session
    expect(() => query('select 1')).toThrow(TypeError)
  })
})
