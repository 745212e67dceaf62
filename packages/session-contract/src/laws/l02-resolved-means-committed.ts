import assert from 'node:assert/strict'
import { rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const resolvesAfterCommit: SessionLaw = {
  number: 'L2',
  title: 'transaction resolves after the server has answered COMMIT, not before',
  needs: 'database',
  async check({ session, createTable, countRows, slowDownCommit }) {
    const table = await createTable('id int')
    await slowDownCommit(table, 0.1)
    await session.transaction((transaction) => transaction.query(`insert into ${table} values (1)`))
    assert.equal(await countRows(table), 1)
  },
}

export const givesTheResult: SessionLaw = {
  number: 'L2',
  title: 'work runs once, and transaction resolves to the very value that it gave',
  needs: 'nothing',
  async check({ session }) {
    for (const value of [undefined, Object.freeze({ id: 1 }), [1, 2]]) {
      let calls = 0
      const result = await session.transaction(async (transaction) => {
        calls += 1
        await transaction.query('select 1')
        return value
      })
      assert.ok(Object.is(result, value), 'another value')
      assert.equal(calls, 1)
    }
  },
}

export const neverRunsWorkAgain: SessionLaw = {
  number: 'L2',
  title: 'work is not run again, even where the server says that it could be',
  needs: 'database',
  async check({ session }) {
    let calls = 0
    const work = session.transaction(async (transaction) => {
      calls += 1
      await transaction.query(`do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`)
    })
    await rejectionWithCode(work, '40001')
    assert.equal(calls, 1)
  },
}

export const refusesTransactionControl: SessionLaw = {
  number: 'L2',
  title: 'transaction control sent as text is refused, and nothing of it is sent',
  needs: 'nothing',
  async check({ session }) {
    const texts = [
      'begin',
      'START TRANSACTION',
      ' commit ',
      'end',
      'rollback',
      'ABORT',
      'savepoint a',
      'release savepoint a',
      'rollback to savepoint a',
      `prepare transaction 'a'`,
      '-- x\n/* y /* z */ */ commit',
      'select 1; commit; select 2',
    ]
    for (const text of texts) await rejectionWithCode(session.query(text), 'PGTALLY_TRANSACTION_CONTROL')
    await session.transaction(async (transaction) => {
      for (const text of texts) await rejectionWithCode(transaction.query(text), 'PGTALLY_TRANSACTION_CONTROL')
      await transaction.query('select 1')
    })
  },
}
