import assert from 'node:assert/strict'
import { rejection, rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const waitsForAll: SessionLaw = {
  number: 'L14',
  title: 'transaction waits for statements that its work did not await, before COMMIT',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    const settled: string[] = []
    await session.transaction(async (transaction) => {
      const insert = (id: number) => transaction.query(`insert into ${table} select ${id} from pg_sleep(0.03)`)
      for (const id of [1, 2]) {
        insert(id).then(
          () => settled.push('run'),
          () => settled.push('failed'),
        )
      }
    })
    assert.deepEqual(settled, ['run', 'run'])
    assert.equal(await countRows(table), 2)
  },
}

export const savepointWaitsForAll: SessionLaw = {
  number: 'L14',
  title: 'a savepoint waits likewise: what it did not await is undone with it',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    await session.transaction(async (transaction) => {
      await rejection(
        transaction.transaction(async (inner) => {
          inner.query(`insert into ${table} select 1 from pg_sleep(0.03)`).catch(() => {})
          throw new Error('mine')
        }),
      )
      await transaction.query(`insert into ${table} values (2)`)
    })
    assert.equal(await countRows(table), 1)
  },
}

export const failureOfAStatementNobodyAwaited: SessionLaw = {
  number: 'L14',
  title: 'a statement that nobody awaited and that fails is no commit: transaction rejects',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    let statementError: unknown
    const work = session.transaction(async (transaction) => {
      await transaction.query(`insert into ${table} values (1)`)
      transaction.query('select 1 / 0 from pg_sleep(0.03)').catch((error: unknown) => {
        statementError = error
      })
    })
    const error = await rejectionWithCode(work, 'PGTALLY_COMMIT_ROLLED_BACK')
    assert.equal((error as Error).cause, statementError)
    assert.equal(await countRows(table), 0)
  },
}
