import assert from 'node:assert/strict'
import { rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const rowsAreTheDriversOwn: SessionLaw = {
  number: 'L18',
  title: `rows are the driver's own objects: all columns, in order, nothing frozen, nothing added`,
  needs: 'database',
  async check({ session }) {
    const text = `select 1 as b, 'text' as a, null as "C", true as d`
    const row = { b: 1, a: 'text', C: null, d: true }
    const { rows } = await session.query(text)
    assert.deepEqual(
      rows.map((one) => ({ ...one })),
      [row],
    )
    assert.deepEqual(Object.keys(rows[0] ?? {}), ['b', 'a', 'C', 'd'])
    assert.deepEqual(Reflect.ownKeys(rows[0] ?? {}), ['b', 'a', 'C', 'd'])
    assert.ok(!Object.isFrozen(rows) && !Object.isFrozen(rows[0]), 'frozen')
    const streamed: Record<string, unknown>[] = []
    for await (const one of session.stream(text)) streamed.push({ ...one })
    assert.deepEqual(streamed, [row])
  },
}

export const countsAreTheServers: SessionLaw = {
  number: 'L18',
  title: 'rowCount and command are what the server said, and absent where it said nothing',
  needs: 'database',
  async check({ session, createTable }) {
    const table = await createTable('id int')
    const read = async (text: string) => {
      const { rows, rowCount, command } = await session.query(text)
      return [rows.length, rowCount, command]
    }
    assert.deepEqual(await read(`insert into ${table} select generate_series(1, 3)`), [0, 3, 'INSERT'])
    assert.deepEqual(await read(`select id from ${table}`), [3, 3, 'SELECT'])
    assert.deepEqual(await read(`select id from ${table} where id > 3`), [0, 0, 'SELECT'])
    assert.deepEqual(await read(`update ${table} set id = 4 where id = 9`), [0, 0, 'UPDATE'])
    assert.deepEqual(await read(`delete from ${table} returning id`), [3, 3, 'DELETE'])
    assert.deepEqual(await read(`create table ${table}_2 ()`), [0, undefined, 'CREATE'])
    assert.deepEqual(await read('do $$ begin end $$'), [0, undefined, 'DO'])
    assert.deepEqual(await read(''), [0, undefined, undefined])
  },
}

export const givesTheLastStatement: SessionLaw = {
  number: 'L18',
  title: `of a text with several statements the last one's result is given; singleStatement refuses the text`,
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    const text = `insert into ${table} values (1); select 1 as a union select 2; select 3 as b`
    const { rows, rowCount, command } = await session.query<{ b: number }>(text)
    assert.deepEqual([rows.map(({ b }) => b), rowCount, command], [[3], 1, 'SELECT'])
    assert.equal(await countRows(table), 1)
    await rejectionWithCode(session.query(text, undefined, { singleStatement: true }), '42601')
    await rejectionWithCode(
      session.transaction((transaction) => transaction.query(text, undefined, { singleStatement: true })),
      '42601',
    )
    assert.equal(await countRows(table), 1)
  },
}

export const streamsEveryRowOnce: SessionLaw = {
  number: 'L18',
  title: `a stream gives every row once and in order, whatever the batch size, and fails with the server's error`,
  needs: 'database',
  async check({ session }) {
    for (const batchSize of [1, 7, 20, 100]) {
      const seen: number[] = []
      const rows = session.stream<{ n: number }>('select n from generate_series(1, $1::int) n', [20], { batchSize })
      for await (const { n } of rows) seen.push(n)
      assert.deepEqual(
        seen,
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    }
    const before: number[] = []
    const failing = async () => {
      const rows = session.stream<{ n: number }>('select 6 / (4 - n) as n from generate_series(1, 9) n', [], {
        batchSize: 1,
      })
      for await (const { n } of rows) before.push(n)
    }
    await rejectionWithCode(failing(), '22012')
    // What came before it is right; a driver that materialises the rows gives none.
    assert.deepEqual(before, [2, 3, 6].slice(0, before.length))
    await session.query('select 1')
  },
}
