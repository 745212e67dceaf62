import assert from 'node:assert/strict'
import { rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const keepsCallOrder: SessionLaw = {
  number: 'L13',
  title: 'concurrent statements of a transaction run in call order, one at a time',
  needs: 'database',
  async check({ session, createTable, verify }) {
    const table = await createTable('position serial, id int')
    const settled: number[] = []
    await session.transaction((transaction) =>
      Promise.all(
        Array.from({ length: 12 }, async (_, id) => {
          // The first takes longest: whoever runs them side by side, or shortest first, gets another order.
          await transaction.query(`insert into ${table} (id) select $1::int from pg_sleep($2::float8)`, [
            id,
            id === 0 ? 0.05 : 0,
          ])
          settled.push(id)
        }),
      ),
    )
    const rows = await verify(`select id from ${table} order by position`)
    const ids = Array.from({ length: 12 }, (_, id) => id)
    assert.deepEqual(
      rows.map(({ id }) => id),
      ids,
    )
    assert.deepEqual(settled, ids)
  },
}

export const siblingsOfAFailureFail: SessionLaw = {
  number: 'L13',
  title: 'statements sent after one that fails report that the transaction is aborted',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    let codes: readonly unknown[] = []
    const work = session.transaction(async (transaction) => {
      const settled = await Promise.allSettled([
        transaction.query(`insert into ${table} values (1)`),
        transaction.query('select 1 / 0'),
        transaction.query(`insert into ${table} values (2)`),
        transaction.query(`insert into ${table} values (3)`),
      ])
      codes = settled.map((one) => (one.status === 'fulfilled' ? 'fulfilled' : one.reason.code))
    })
    await rejectionWithCode(work, 'PGTALLY_COMMIT_ROLLED_BACK')
    assert.deepEqual(codes, ['fulfilled', '22012', '25P02', '25P02'])
    assert.equal(await countRows(table), 0)
  },
}

export const refusesStatementsBesideAStream: SessionLaw = {
  number: 'L13',
  title: 'a statement beside an open stream of its transaction is refused, and runs once the stream is closed',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    await session.transaction(async (transaction) => {
      const seen: number[] = []
      for await (const row of transaction.stream<{ n: number }>('select n from generate_series(1, 50) n', [], {
        batchSize: 5,
      })) {
        seen.push(row.n)
        await rejectionWithCode(transaction.query(`insert into ${table} values (1)`), 'PGTALLY_STREAM_OPEN')
        if (row.n === 7) break
      }
      assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7])
      await transaction.query(`insert into ${table} values (2)`)
    })
    assert.equal(await countRows(table), 1)
  },
}
