// #region test
import { type Session, tracking, withQueryTracking, withTransactionTracking } from '@pgtally/core'
import { createRecordingObserver, createRecordingSession, resetTracking } from '@pgtally/core/testing'
import { afterEach, expect, it } from 'vitest'

const findBalance = withQueryTracking(
  async (session: Session, id: number) =>
    (await session.query<{ balance: number }>('select balance from accounts where id = $1', [id])).rows[0]?.balance,
  { operation: 'find_balance', table: 'accounts' },
)

const withdraw = withTransactionTracking(
  async (transaction: Session, id: number, amount: number) => {
    const balance = (await findBalance(transaction, id)) ?? 0
    if (balance < amount) throw new RangeError('not enough')
    await transaction.query('update accounts set balance = balance - $2 where id = $1', [id, amount])
  },
  { operation: 'withdraw' },
)

afterEach(resetTracking)

it('takes nothing from an account that has not enough', async () => {
  const database = createRecordingSession()
  database.when('select balance', { rows: [{ balance: 5 }] })
  const observer = createRecordingObserver()
  tracking.observe(observer)

  await expect(withdraw(database.session, 1, 20)).rejects.toThrow(RangeError)

  expect(database.steps.map(({ kind }) => kind)).toEqual(['begin', 'query', 'rollback'])
  expect(observer.transactions).toMatchObject([{ operation: 'withdraw', outcome: 'rolled_back', statementCount: 1 }])
})
// #endregion
