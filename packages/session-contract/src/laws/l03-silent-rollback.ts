import assert from 'node:assert/strict'
import { rejection, rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'
import { watchTransaction } from '../watch-transaction.ts'

export const rejectsSilentRollback: SessionLaw = {
  number: 'L3',
  title: 'a COMMIT that was answered by ROLLBACK rejects, and its cause is the first statement error',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    let first: unknown
    const { rejection: rejected, events } = await watchTransaction(session, async (transaction) => {
      await transaction.query(`insert into ${table} values (1)`)
      first = await rejectionWithCode(transaction.query('select 1 / 0'), '22012')
      await rejectionWithCode(transaction.query(`insert into ${table} values (2)`), '25P02')
    })
    assert.ok(rejected, 'transaction resolved, and nothing was committed')
    const error = rejected.reason as { readonly code?: string; readonly cause?: unknown }
    assert.equal(error.code, 'PGTALLY_COMMIT_ROLLED_BACK')
    assert.equal(error.cause, first)
    assert.equal(await countRows(table), 0)
    assert.deepEqual(
      events.map(({ outcome, rollbackReason }) => ({ outcome, rollbackReason })),
      [{ outcome: 'rolled_back', rollbackReason: 'commit_rolled_back' }],
    )
    await session.query('select 1')
  },
}

export const rejectsSilentSavepoint: SessionLaw = {
  number: 'L3',
  title: 'a savepoint that swallowed an error rejects likewise, and the transaction goes on',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    await session.transaction(async (transaction) => {
      await transaction.query(`insert into ${table} values (1)`)
      let first: unknown
      const savepoint = transaction.transaction(async (inner) => {
        await inner.query(`insert into ${table} values (2)`)
        first = await rejection(inner.query('select 1 / 0'), 'a division by zero')
      })
      const error = await rejectionWithCode(savepoint, 'PGTALLY_COMMIT_ROLLED_BACK')
      assert.equal((error as Error).cause, first)
      await transaction.query(`insert into ${table} values (3)`)
    })
    assert.equal(await countRows(table), 2)
  },
}

export const blamesNoUndoneError: SessionLaw = {
  number: 'L3',
  title: 'an error that a savepoint has undone is not the cause of a later silent rollback',
  needs: 'database',
  async check({ session }) {
    let cause: unknown
    const work = session.transaction(async (transaction) => {
      await rejectionWithCode(
        transaction.transaction((inner) => inner.query('select 1 / 0').catch(() => {})),
        'PGTALLY_COMMIT_ROLLED_BACK',
      )
      cause = await rejectionWithCode(transaction.query('select no_such_column'), '42703')
    })
    const error = await rejectionWithCode(work, 'PGTALLY_COMMIT_ROLLED_BACK')
    assert.equal((error as Error).cause, cause)
  },
}
