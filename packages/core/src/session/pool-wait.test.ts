import { describe, expect, it } from 'vitest'
import { createSession } from '../adapter-functions.ts'
import { createTracker } from '../default-tracking.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import type { Session } from './session.ts'
import type { DriverCall, DriverResult, SessionDriver } from './session-driver.ts'

const answered: DriverResult = { rows: [1], rowCount: 1, command: 'SELECT', statementCount: 1, totalRowCount: 1 }

/** Waits 5 ms for each connection, then works for 20 ms; a text `refused` finds no connection. */
const setUp = (poolWait = true) => {
  const clock = createManualClock()
  const observer = createRecordingObserver()
  const tracker = createTracker({ clock, observers: [observer] })
  const noConnection = Object.assign(new Error('timeout exceeded when trying to connect'), { code: '53300' })
  const connect = (call: DriverCall) => {
    clock.advance(5)
    call.connected()
  }
  const run = async (text: string, call?: DriverCall): Promise<DriverResult> => {
    if (text === 'refused') throw noConnection
    if (call !== undefined) connect(call)
    clock.advance(20)
    return answered
  }
  const pending = (text: string, call?: DriverCall) => ({ result: run(text, call), cancel() {}, abandon() {} })
  const driver: SessionDriver = {
    capabilities: { ...createRecordingSession().session.capabilities, poolWait },
    query: ({ text }, call) => pending(text, call),
    stream: ({ text }, _size, call) => {
      let batch: Promise<readonly unknown[]> | undefined
      const next = () => {
        const rows = batch === undefined ? run(text, call).then(({ rows: first }) => first) : Promise.resolve([])
        batch = rows
        return rows
      }
      return { next, close: async () => {}, cancel() {}, abandon() {} }
    },
    async transaction(_options, work, call) {
      connect(call)
      await work({
        query: ({ text }) => pending(text),
        stream: () => expect.fail('not used'),
        discard: () => {},
      })
      return { outcome: 'committed' }
    },
  }
  return { clock, observer, tracker, session: createSession(driver), noConnection }
}

describe('law 9: the wait for a connection', () => {
  it('is apart from execution, and summed over the statements of a call', async () => {
    const { tracker, observer, session } = setUp()
    const fn = tracker.withQueryTracking(
      async (given: Session) => {
        await given.query('select 1')
        for await (const _row of given.stream('select 2'));
        await given.transaction(async (transaction) => {
          await transaction.query('select 3')
          await transaction.query('select 4')
        })
      },
      { operation: 'op' },
    )
    await fn(session)
    expect(observer.queries).toMatchObject([{ durationMs: 95, poolWaitMs: 15, statementCount: 4, rowCount: 4 }])
  })

  it('of a statement that found no connection is no statement: it was never sent', async () => {
    const { tracker, observer, session, noConnection } = setUp()
    const fn = tracker.withQueryTracking((given: Session) => given.query('refused'), { operation: 'op' })
    await expect(fn(session)).rejects.toBe(noConnection)
    expect(observer.queries).toMatchObject([{ statementCount: 0, poolWaitMs: 0, errorKind: 'too_many_connections' }])
  })

  it('is none inside a transaction, which holds its connection; its own is in beginMs', async () => {
    const { tracker, observer, session } = setUp()
    const find = tracker.withQueryTracking((given: Session) => given.query('select 1'), { operation: 'find' })
    await tracker.withTransactionTracking((transaction: Session) => find(transaction), { operation: 'tx' })(session)
    expect(observer.queries).toMatchObject([{ poolWaitMs: 0, durationMs: 20 }])
    expect(observer.transactions).toMatchObject([{ beginMs: 5, workMs: 20 }])
  })

  it('is absent where the adapter cannot see it', async () => {
    const { tracker, observer, session } = setUp(false)
    await tracker.withQueryTracking((given: Session) => given.query('select 1'), { operation: 'op' })(session)
    expect(observer.queries[0]).not.toHaveProperty('poolWaitMs')
    expect(observer.queries[0]).toMatchObject({ statementCount: 1 })
  })
})
