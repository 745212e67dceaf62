import assert from 'node:assert/strict'
import { backendPid } from '../backend-pid.ts'
import { rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const outerGoesOn: SessionLaw = {
  number: 'L11',
  title: 'a statement error in a savepoint leaves the outer transaction usable',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int primary key')
    await session.transaction(async (transaction) => {
      await transaction.query(`insert into ${table} values (1)`)
      for (let again = 0; again < 3; again += 1) {
        const savepoint = transaction.transaction((inner) => inner.query(`insert into ${table} values (1)`))
        await rejectionWithCode(savepoint, '23505')
      }
      await transaction.query(`insert into ${table} values (2)`)
    })
    assert.equal(await countRows(table), 2)
  },
}

export const releasesSavepoints: SessionLaw = {
  number: 'L11',
  title: 'a savepoint is released after ROLLBACK TO as well as after success',
  needs: 'server',
  async check({ session, verify }) {
    await session.transaction(async (transaction) => {
      const pid = await backendPid(transaction)
      const lastStatement = async () => {
        const [backend] = await verify(`select lower(query) as last from pg_stat_activity where pid = ${pid}`)
        return String(backend?.last)
      }
      await transaction.transaction((inner) => inner.query('select 1'))
      assert.match(await lastStatement(), /^release/)
      await rejectionWithCode(
        transaction.transaction((inner) => inner.query('select 1 / 0')),
        '22012',
      )
      assert.match(await lastStatement(), /^release/)
    })
  },
}
