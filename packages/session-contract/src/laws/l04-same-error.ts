import assert from 'node:assert/strict'
import type { Session } from '@pgtally/core'
import { rejection, rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'
import { watchTransaction } from '../watch-transaction.ts'

const thrownValues = [new Error('mine'), undefined, null, 'a string', 0, Object.freeze({ frozen: true }), Symbol('s')]

export const rejectsWithTheThrownValue: SessionLaw = {
  number: 'L4',
  title: 'what work throws is what transaction and savepoint reject with, the very same value',
  needs: 'nothing',
  async check({ session }) {
    for (const value of thrownValues) {
      const work = async (transaction: Session) => {
        await transaction.query('select 1')
        throw value
      }
      const fromTransaction = await rejection(session.transaction(work), 'a transaction whose work threw')
      assert.ok(Object.is(fromTransaction, value), 'transaction rejected with another value')
      await session.transaction(async (transaction) => {
        const fromSavepoint = await rejection(transaction.transaction(work), 'a savepoint whose work threw')
        assert.ok(Object.is(fromSavepoint, value), 'savepoint rejected with another value')
      })
    }
  },
}

export const rollsBackWhatThrew: SessionLaw = {
  number: 'L4',
  title: 'a transaction whose work throws leaves nothing behind, and a statement error keeps its identity',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    await rejection(
      session.transaction(async (transaction) => {
        await transaction.query(`insert into ${table} values (2)`)
        throw new Error('mine')
      }),
    )
    assert.equal(await countRows(table), 0)
    let statementError: unknown
    const work = session.transaction(async (transaction) => {
      await transaction.query(`insert into ${table} values (1)`)
      await transaction.query('select 1 / 0').catch((error: unknown) => {
        statementError = error
        throw error
      })
    })
    assert.equal(await rejectionWithCode(work, '22012'), statementError)
    assert.equal(await countRows(table), 0)
  },
}

export const failingRollbackChangesNothing: SessionLaw = {
  number: 'L4',
  title: 'a ROLLBACK that fails does not replace the error, and is reported beside it',
  needs: 'server',
  viaProxy: true,
  async check({ session, proxy }) {
    const mine = new Error('mine')
    // The server reports a syntax error: the connection is fine, the transaction is not over.
    proxy.rewrite('toServer', 'rollback', 'rollbacx')
    const { rejection: rejected, events } = await watchTransaction(session, async (transaction) => {
      await transaction.query('select 1')
      throw mine
    })
    assert.equal(rejected?.reason, mine)
    assert.deepEqual(
      events.map(({ outcome, rollbackReason, rollbackErrorKind }) => ({ outcome, rollbackReason, rollbackErrorKind })),
      [{ outcome: 'rolled_back', rollbackReason: 'application', rollbackErrorKind: 'syntax_error' }],
    )
  },
}
