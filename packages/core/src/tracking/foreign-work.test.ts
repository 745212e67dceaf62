import { describe, expect, it } from 'vitest'
import type { Session } from '../session/session.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import { createResettableTracker } from './create-tracker.ts'

const setUp = (asyncContext: boolean) => {
  const observer = createRecordingObserver()
  const tracker = createResettableTracker({ asyncContext, observers: [observer] })
  const find = tracker.withQueryTracking(async (session: Session) => (await session.query('select 1')).rows, {
    operation: 'find',
  })
  return { observer, tracker, find }
}

describe('statements beside an open transaction', () => {
  it('are counted and named where async context is on', async () => {
    const { observer, tracker, find } = setUp(true)
    const { session } = createRecordingSession()
    const work = tracker.withTransactionTracking(
      async (transaction: Session) => {
        await find(transaction)
        await find(session)
        await session.query('select 2')
        for await (const _row of session.stream('select 3'));
      },
      { operation: 'transfer' },
    )
    await work(session)
    expect(observer.transactions[0]).toMatchObject({
      statementCount: 1,
      foreignStatementCount: 3,
      foreignOperations: ['find'],
    })
  })

  it('are none on another database, in the transaction, or after it', async () => {
    const { observer, tracker, find } = setUp(true)
    const { session } = createRecordingSession()
    const other = createRecordingSession().session
    const work = tracker.withTransactionTracking(
      async (transaction: Session) => {
        await find(other)
        await find(transaction)
      },
      { operation: 'transfer' },
    )
    await work(session)
    await find(session)
    expect(observer.transactions[0]).toMatchObject({ foreignStatementCount: 0, foreignOperations: [] })
  })

  it('are not known without async context', async () => {
    const { observer, tracker, find } = setUp(false)
    const { session } = createRecordingSession()
    await tracker.withTransactionTracking(
      async (_transaction: Session) => {
        await find(session)
      },
      { operation: 'transfer' },
    )(session)
    expect(observer.transactions[0]).not.toHaveProperty('foreignStatementCount')
    expect(observer.transactions[0]).not.toHaveProperty('foreignOperations')
  })
})
