import { describe, expect, it } from 'vitest'
import { createSession } from '../adapter-functions.ts'
import { createTracker } from '../default-tracking.ts'
import type { Session, SessionCapabilities } from '../session/session.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingDriver } from '../testing/recording-driver.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import { createScript } from '../testing/script.ts'
import type { TrackerOptions } from './tracker.ts'

const setUp = ({
  capabilities = {},
  ...options
}: TrackerOptions & { capabilities?: Partial<SessionCapabilities> } = {}) => {
  const clock = createManualClock({ epochMs: 1_000_000 })
  const observer = createRecordingObserver()
  const tracker = createTracker({ clock, observers: [observer], ...options })
  return { clock, observer, tracker, ...createRecordingSession({ capabilities }) }
}

/** What the tracked function of a test does. */
type Body = (session: Session) => Promise<unknown>

const twoRows = { rows: [{ id: 1 }, { id: 2 }] }

describe('law 9: a query event', () => {
  it('of a call without a Session has what is known, and nothing else', async () => {
    const { tracker, observer, clock } = setUp()
    clock.advance(500)
    await tracker.withQueryTracking(async () => clock.advance(20), { operation: 'op' })()
    expect(observer.queries).toEqual([
      {
        operation: 'op',
        startedAt: 1_000_500,
        durationMs: 20,
        outcome: 'success',
        slow: false,
        slowThresholdMs: 500,
      },
    ])
    expect('error' in (observer.queries[0] as object)).toBe(false)
    expect('statementText' in (observer.queries[0] as object)).toBe(false)
  })

  it('of a call with a Session has its labels, statements and rows', async () => {
    const { tracker, observer, session, when } = setUp({ service: 'api' })
    when('select', twoRows)
    when('update', { rowCount: 3 })
    const body: Body = async (given) => {
      await given.query('select 1')
      await Promise.all([given.query('select 2'), given.query('update t')])
    }
    await tracker.withQueryTracking(body, { operation: 'op', table: 'public.users' })(session)
    await tracker.withQueryTracking(body, { operation: 'op', service: 'own' })(session)
    expect(observer.queries).toMatchObject([
      { table: 'public.users', service: 'api', statementCount: 3, rowCount: 7 },
      { service: 'own', statementCount: 3, rowCount: 7 },
    ])
    expect(observer.queries[0]).not.toHaveProperty('poolWaitMs')
    expect(observer.queries[0]).not.toHaveProperty('transaction')
  })

  it('of a call that ran no statement on its Session says 0 statements and no rows', async () => {
    const { tracker, observer, session } = setUp()
    await tracker.withQueryTracking(async (_session: Session) => 1, { operation: 'op' })(session)
    expect(observer.queries[0]).toMatchObject({ statementCount: 0 })
    expect(observer.queries[0]).not.toHaveProperty('rowCount')
  })

  it('leaves the number of rows out where the server reports none', async () => {
    const { tracker, observer } = setUp()
    const answer = { rows: [], rowCount: undefined, command: 'SET', statementCount: 2, totalRowCount: undefined }
    const session = createSession({
      ...createRecordingDriver(createRecordingSession().session.capabilities, [], createScript()),
      query: () => ({ result: Promise.resolve(answer), cancel() {}, abandon() {} }),
    })
    await tracker.withQueryTracking((given: Session) => given.query('set x; set y'), { operation: 'op' })(session)
    expect(observer.queries[0]).toMatchObject({ statementCount: 2 })
    expect(observer.queries[0]).not.toHaveProperty('rowCount')
  })

  it('counts failed statements, and none of those that were refused', async () => {
    const { tracker, observer, session, when } = setUp()
    when('bad', { error: Object.assign(new Error('no'), { code: '42601' }) })
    const body: Body = async (given) => {
      await given.query('bad').catch(() => {})
      await given.query('begin').catch(() => {})
      await given.query('commit; select 1').catch(() => {})
      await given.query('good')
    }
    await tracker.withQueryTracking(body, { operation: 'op' })(session)
    expect(observer.queries[0]).toMatchObject({ outcome: 'success', statementCount: 2 })
  })

  it('has poolWaitMs where the adapter sees the wait: 0 where none was needed', async () => {
    const seeing = setUp({ capabilities: { poolWait: true } })
    const fn = seeing.tracker.withQueryTracking(async (_session: Session) => 1, { operation: 'op' })
    await fn(seeing.session)
    expect(seeing.observer.queries[0]).toMatchObject({ poolWaitMs: 0 })
    const blind = setUp()
    await blind.tracker.withQueryTracking(async (_session: Session) => 1, { operation: 'op' })(blind.session)
    expect(blind.observer.queries[0]).not.toHaveProperty('poolWaitMs')
  })

  it('of a failed call has the kind, the SQLSTATE and the very error', async () => {
    const { tracker, observer, session, when } = setUp()
    const error = Object.assign(new Error('no'), { code: '23505' })
    when('insert', { error })
    const fn = tracker.withQueryTracking((given: Session) => given.query('insert'), { operation: 'op' })
    await expect(fn(session)).rejects.toBe(error)
    const [event] = observer.queries
    expect(event).toMatchObject({
      outcome: 'error',
      errorKind: 'unique_violation',
      sqlState: '23505',
      slow: false,
      statementCount: 1,
    })
    expect(event?.error).toBe(error)
  })

  it('of a call that threw undefined says error, with the property error present', async () => {
    const { tracker, observer } = setUp()
    await tracker
      .withQueryTracking(() => Promise.reject(undefined), { operation: 'op' })()
      .catch(() => {})
    expect(observer.queries[0]).toMatchObject({ outcome: 'error', errorKind: 'application' })
    expect(observer.queries[0]).not.toHaveProperty('sqlState')
    expect('error' in (observer.queries[0] as object)).toBe(true)
  })

  it('names the tracked transaction that the call ran in', async () => {
    const { tracker, observer, session } = setUp()
    const inner = tracker.withQueryTracking((given: Session) => given.query('select 1'), { operation: 'inner' })
    await tracker.withTransactionTracking(
      async (transaction) => {
        await inner(transaction)
        await transaction.transaction((savepoint) => inner(savepoint))
      },
      { operation: 'outer' },
    )(session)
    const id = observer.transactions[0]?.id
    expect(id).toEqual(expect.any(String))
    expect(observer.queries.map(({ transaction }) => transaction)).toEqual([
      { id, operation: 'outer' },
      { id, operation: 'outer' },
    ])
    await session.transaction((transaction) => inner(transaction))
    expect(observer.queries[2]).not.toHaveProperty('transaction')
  })

  it('counts the statements of tracked calls made inside with the same Session, as they settle', async () => {
    const { tracker, observer, session, when } = setUp()
    when('select', twoRows)
    const inner = tracker.withQueryTracking((given: Session) => given.query('select 1'), { operation: 'inner' })
    const other = createRecordingSession()
    const body: Body = async (given) => {
      await inner(given)
      await given.query('select 2')
      await inner(given)
      await inner(session)
      await inner(other.session)
      await given.transaction(async (transaction) => {
        await inner(transaction)
        await transaction.query('select 3')
      })
    }
    await tracker.withQueryTracking(body, { operation: 'outer' })(session)
    const outer = observer.queries.at(-1)
    expect(outer).toMatchObject({ operation: 'outer', statementCount: 5, rowCount: 10 })
    expect(observer.queries.slice(0, -1).map(({ statementCount }) => statementCount)).toEqual([1, 1, 1, 1, 1])
  })

  it('keeps out what runs after the call has settled', async () => {
    const { tracker, observer, session, when } = setUp()
    let answer = () => {}
    when('late', () => new Promise((resolve) => (answer = () => resolve(twoRows))))
    let late: Promise<unknown> | undefined
    let leaked: Session | undefined
    const inner = tracker.withQueryTracking((given: Session) => given.query('late'), { operation: 'inner' })
    const body: Body = async (given) => {
      leaked = given
      late = Promise.all([given.query('late 1'), inner(given)])
    }
    const fn = tracker.withQueryTracking(body, { operation: 'outer' })
    when('late 1', {})
    await fn(session)
    await leaked?.query('late 1')
    answer()
    await late
    expect(observer.queries).toMatchObject([
      { operation: 'outer', statementCount: 0 },
      { operation: 'inner', statementCount: 1, rowCount: 2 },
    ])
  })

  it('reads the rows by the option rowCount where no Session reports them', async () => {
    const { tracker, observer, session, when } = setUp()
    when('select', twoRows)
    const rowCount = (rows: readonly unknown[]) => rows.length
    await tracker.withQueryTracking(async () => [1, 2, 3], { operation: 'op', rowCount })()
    const asked: Body = async (given) => (await given.query('select')).rows.slice(1)
    await tracker.withQueryTracking(asked, { operation: 'op', rowCount: () => 99 })(session)
    await tracker.withQueryTracking(async () => 1, { operation: 'op', rowCount: () => undefined })()
    expect(observer.queries.map((event) => event.rowCount)).toEqual([3, 2, undefined])
    expect(observer.queries[2]).not.toHaveProperty('rowCount')
  })

  it.each([
    ['throws', () => (undefined as unknown as []).length],
    ['gives NaN', () => Number.NaN],
    ['gives a negative number', () => -1],
    ['gives a string', () => '3' as unknown as number],
  ])('law 2: a rowCount option that %s costs the field alone', async (_case, rowCount) => {
    const told: unknown[] = []
    const { tracker, observer } = setUp({ onMonitorError: (_error, component) => void told.push(component) })
    expect(await tracker.withQueryTracking(async () => 'value', { operation: 'op', rowCount })()).toBe('value')
    expect(observer.queries[0]).toMatchObject({ outcome: 'success' })
    expect(observer.queries[0]).not.toHaveProperty('rowCount')
    expect(told).toEqual(['number'])
  })
})
