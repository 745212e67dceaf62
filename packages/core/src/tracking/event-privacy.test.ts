import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { QueryEvent } from '../events/query-event.ts'
import type { TransactionEvent } from '../events/transaction-event.ts'
import type { Session } from '../session/session.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const secret = 'hunter2'

const setUp = async () => {
  const observer = createRecordingObserver({ needsStatementText: true })
  const tracker = createTracker({ observers: [observer], clock: createManualClock() })
  const { session, when } = createRecordingSession()
  const error = Object.assign(new Error(`Key (password)=(${secret})`), { code: '23505', detail: secret })
  when('insert', { error })
  const insert = (given: Session) => given.query(`insert into t values ('${secret}')`, [secret])
  await tracker
    .withQueryTracking(insert, { operation: 'query' })(session)
    .catch(() => {})
  await tracker
    .withTransactionTracking(insert, { operation: 'transaction' })(session)
    .catch(() => {})
  const events = [observer.queries[0], observer.transactions[0]] as [QueryEvent, TransactionEvent]
  return { events, error, observer }
}

describe('law 5: an event', () => {
  it('has the error and the text for who asks by name', async () => {
    const { events, error } = await setUp()
    expect(events.map((event) => event.error)).toEqual([error, error])
    expect(events[0].error).toBe(error)
    expect(events[0].statementText).toBe(`insert into t values ('${secret}')`)
  })

  it.each([
    ['JSON.stringify', (event: object) => JSON.stringify(event)],
    ['Object.keys', (event: object) => Object.keys(event).join()],
    ['Object.entries', (event: object) => Object.entries(event).join()],
    ['a spread', (event: object) => inspect({ ...event }, { showHidden: true, depth: 9 })],
    ['Object.assign', (event: object) => inspect(Object.assign({}, event), { showHidden: true, depth: 9 })],
    ['structuredClone', (event: object) => inspect(structuredClone(event), { showHidden: true, depth: 9 })],
    ['util.inspect', (event: object) => inspect(event, { depth: 9 })],
    ['for in', (event: object) => Object.keys(Object.fromEntries(Object.entries(event))).join()],
  ])('shows neither to %s', async (_way, show) => {
    const { events } = await setUp()
    for (const event of events) {
      expect(show(event)).not.toContain(secret)
      expect(show(event)).not.toContain('statementText')
    }
  })

  it('is frozen, and so is what it holds', async () => {
    const { events } = await setUp()
    for (const event of events) {
      expect(Object.isFrozen(event)).toBe(true)
      expect(() => Object.assign(event, { operation: 'changed' })).toThrow(TypeError)
    }
    const tracker = createTracker()
    const observer = createRecordingObserver()
    tracker.observe(observer)
    const { session } = createRecordingSession()
    const inner = tracker.withQueryTracking(async (_session: Session) => 1, { operation: 'q' })
    await tracker.withTransactionTracking((transaction) => inner(transaction), { operation: 't' })(session)
    expect(Object.isFrozen(observer.queries[0]?.transaction)).toBe(true)
  })
})

describe('law 5: statement text', () => {
  it('is that of the longest statement, raw, and only while an observer needs it', async () => {
    const clock = createManualClock()
    const tracker = createTracker({ clock })
    const plain = createRecordingObserver()
    tracker.observe(plain)
    const { session, when } = createRecordingSession()
    const lasting = (ms: number) => () => {
      clock.advance(ms)
      return {}
    }
    when('short', lasting(1))
    when('long', lasting(5))
    const inner = tracker.withQueryTracking((given: Session) => given.query('select long /* inner */'), {
      operation: 'inner',
    })
    const fn = tracker.withQueryTracking(
      async (given: Session) => {
        await given.query('select short')
        await given.query('select long')
        await given.query('select short again')
      },
      { operation: 'op' },
    )
    await fn(session)
    expect('statementText' in (plain.queries[0] as object)).toBe(false)
    const stop = tracker.observe(createRecordingObserver({ needsStatementText: true }))
    await fn(session)
    expect(plain.queries[1]?.statementText).toBe('select long')
    await tracker.withQueryTracking((given: Session) => inner(given), { operation: 'outer' })(session)
    expect(plain.queries.at(-1)?.statementText).toBe('select long /* inner */')
    stop()
    await fn(session)
    expect('statementText' in (plain.queries.at(-1) as object)).toBe(false)
  })
})
