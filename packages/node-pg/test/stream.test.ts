import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createNodePgSession } from '../src/index.ts'
import { backendOf, listenerCount, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())

const numbers = (upTo: number) => `select n from generate_series(1, ${upTo}) as n`

const openSession = (config?: pg.PoolConfig) => {
  const pool = database.openPool({ max: 1, ...config })
  return { pool, session: createNodePgSession(pool) }
}

it('reads all rows in order, whatever the batch size, and gives the connection back', async () => {
  const { pool, session } = openSession()
  for (const batchSize of [1, 3, 10, 100]) {
    const seen: number[] = []
    for await (const { n } of session.stream<{ n: number }>(numbers(10), [], { batchSize })) seen.push(n)
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(pool.idleCount).toBe(1)
  }
})

it('takes no connection before the first row is asked for', async () => {
  const { pool, session } = openSession()
  session.stream(numbers(10))
  expect(pool.totalCount).toBe(0)
})

it('passes values, and reads nothing from a statement without rows', async () => {
  const { session } = openSession()
  const rows: unknown[] = []
  for await (const row of session.stream('select $1::int + 1 as n', [41])) rows.push(row)
  for await (const row of session.stream('create table streamed (id int)')) rows.push(row)
  for await (const row of session.stream('')) rows.push(row)
  expect(rows).toEqual([{ n: 42 }])
})

it('makes the server produce no more than is read', async () => {
  const { session } = openSession()
  await session.query('create sequence produced')
  let read = 0
  for await (const row of session.stream(`select nextval('produced') from generate_series(1, 100000)`, [], {
    batchSize: 10,
  })) {
    expect(row).toBeDefined()
    read += 1
    if (read === 25) break
  }
  expect((await session.query('select last_value from produced')).rows).toEqual([{ last_value: '30' }])
})

it('gives the same connection back after a break, a throw and an error of the server', async () => {
  const { pool, session } = openSession()
  const before = await backendOf(session)
  const client = await pool.connect()
  const listeners = listenerCount(client)
  client.release()
  for (let round = 0; round < 20; round += 1) {
    for await (const { n } of session.stream<{ n: number }>(numbers(1000), [], { batchSize: 7 })) if (n === 9) break
    const thrown = new Error('consumer')
    const consume = async () => {
      for await (const row of session.stream(numbers(1000))) if (row) throw thrown
    }
    expect(await consume().catch((error) => error)).toBe(thrown)
    const fail = async () => {
      const seen: number[] = []
      for await (const { n } of session.stream<{ n: number }>(
        'select 100 / (20 - n) as n from generate_series(1, 50) as n',
        [],
        {
          batchSize: 6,
        },
      )) {
        seen.push(n)
      }
    }
    await expect(fail()).rejects.toMatchObject({ code: '22012' })
    const misspell = async () => {
      for await (const row of session.stream('selec 1')) expect.unreachable(String(row))
    }
    await expect(misspell()).rejects.toMatchObject({ code: '42601' })
  }
  expect(await backendOf(session)).toBe(before)
  expect(pool.totalCount).toBe(1)
  const again = await pool.connect()
  expect(listenerCount(again)).toBe(listeners)
  again.release()
})

it('rejects where a type parser throws, and the process lives', async () => {
  const broken = new Error('cannot parse')
  const types = {
    getTypeParser: () => () => {
      throw broken
    },
  }
  const { session } = openSession({ types: types as never })
  const read = async () => {
    for await (const row of session.stream(numbers(3))) expect.unreachable(String(row))
  }
  expect(await read().catch((error) => error)).toBe(broken)
  expect(await read().catch((error) => error)).toBe(broken)
})

it('rejects where a value cannot be sent', async () => {
  const { pool, session } = openSession()
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const read = async () => {
    for await (const row of session.stream('select $1::json', [circular])) expect.unreachable(String(row))
  }
  await expect(read()).rejects.toThrow('circular')
  expect(pool.totalCount - pool.idleCount).toBe(0)
})

it('reads inside a transaction, and the transaction goes on afterwards', async () => {
  const { session } = openSession()
  await session.query('create table kept (n int)')
  await session.transaction(async (transaction) => {
    await transaction.query('insert into kept select * from generate_series(1, 5)')
    let sum = 0
    for await (const { n } of transaction.stream<{ n: number }>('select n from kept order by n', [], {
      batchSize: 2,
    })) {
      sum += n
      if (n === 3) break
    }
    await transaction.query('insert into kept values ($1)', [sum])
  })
  expect(await database.look('select max(n) as n from kept')).toEqual([{ n: 6 }])
})

it('rolls back where a stream of the transaction failed', async () => {
  const { pool, session } = openSession()
  const work = session.transaction(async (transaction) => {
    await transaction.query('create table never (n int)')
    for await (const row of transaction.stream('select 1 / 0')) expect.unreachable(String(row))
  })
  await expect(work).rejects.toMatchObject({ code: '22012' })
  expect(await database.look(`select to_regclass('never') as name`)).toEqual([{ name: null }])
  expect(pool.idleCount).toBe(1)
})
