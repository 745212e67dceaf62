import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { driverOf } from '../src/driver-of.ts'
import { createPostgresJsSession } from '../src/index.ts'
import { backendOf, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())

const numbers = (upTo: number) => `select n from generate_series(1, ${upTo}) as n`

const openSession = (options?: Parameters<TestDatabase['openSql']>[0]) => {
  const sql = database.openSql({ max: 1, ...options })
  return { sql, session: createPostgresJsSession(sql), used: () => driverOf(sql, undefined).pool?.read().used }
}

it('reads all rows in order, whatever the batch size, and gives the connection back', async () => {
  const { session, used } = openSession()
  for (const batchSize of [1, 3, 5, 10, 11, 100]) {
    const seen: number[] = []
    for await (const { n } of session.stream<{ n: number }>(numbers(10), [], { batchSize })) seen.push(n)
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(used()).toBe(0)
  }
})

it('takes no connection before the first row is asked for', async () => {
  const { session, used } = openSession()
  session.stream(numbers(10))
  expect(used()).toBe(0)
})

it('passes values, and reads nothing from a statement without rows', async () => {
  const { session } = openSession()
  const rows: unknown[] = []
  for await (const row of session.stream('select $1::int + 1 as n', [41])) rows.push(row)
  for (const text of [
    'create table streamed (id int)',
    'insert into streamed values (1), (2)',
    'select 1 where false',
    '',
    ' ;; ',
    '-- nothing\n/* at /* all */ */',
  ]) {
    for await (const row of session.stream(text)) rows.push(row)
  }
  expect(rows).toEqual([{ n: 42 }])
  expect(await database.look('select id from streamed')).toHaveLength(2)
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
  const { session, used } = openSession()
  const before = await backendOf(session)
  for (let round = 0; round < 20; round += 1) {
    for await (const { n } of session.stream<{ n: number }>(numbers(1000), [], { batchSize: 7 })) if (n === 9) break
    const thrown = new Error('consumer')
    const consume = async () => {
      for await (const row of session.stream(numbers(1000))) if (row) throw thrown
    }
    expect(await consume().catch((error) => error)).toBe(thrown)
    const seen: number[] = []
    const fail = async () => {
      const text = 'select 100 / (20 - n) as n from generate_series(1, 50) as n'
      for await (const { n } of session.stream<{ n: number }>(text, [], { batchSize: 6 })) seen.push(n)
    }
    await expect(fail()).rejects.toMatchObject({ code: '22012' })
    expect(seen).toEqual(Array.from({ length: 18 }, (_, index) => Math.trunc(100 / (19 - index))))
    const misspell = async () => {
      for await (const row of session.stream('selec 1')) expect.unreachable(String(row))
    }
    await expect(misspell()).rejects.toMatchObject({ code: '42601' })
  }
  expect(await backendOf(session)).toBe(before)
  expect(used()).toBe(0)
})

it('rejects where a value cannot be sent', async () => {
  const { session, used } = openSession()
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const read = async (value: unknown) => {
    for await (const row of session.stream('select $1::json', [value])) expect.unreachable(String(row))
  }
  await expect(read(circular)).rejects.toThrow('circular')
  await expect(read(undefined)).rejects.toMatchObject({ code: 'UNDEFINED_VALUE' })
  expect(used()).toBe(0)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
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

it('rejects where a stream of the transaction failed and its error was swallowed, and heals it in a savepoint', async () => {
  // postgres.js does not notice an error of a cursor's, and lets the transaction resolve.
  const { session, used } = openSession()
  const fail = async (on: typeof session) => {
    for await (const row of on.stream('select 1 / 0')) expect.unreachable(String(row))
  }
  const work = session.transaction(async (transaction) => {
    await transaction.query('create table never (n int)')
    await fail(transaction).catch(() => {})
  })
  await expect(work).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK', cause: { code: '22012' } })
  expect(await database.look(`select to_regclass('never') as name`)).toEqual([{ name: null }])
  await session.transaction(async (transaction) => {
    await transaction.query('create table healed (n int)')
    await expect(transaction.transaction(fail)).rejects.toMatchObject({ code: '22012' })
  })
  expect(await database.look(`select to_regclass('healed')::text as name`)).toEqual([{ name: 'healed' }])
  expect(used()).toBe(0)
})

it('rejects where the connection is lost while the consumer is at work, which is no end of the rows', async () => {
  const { session } = openSession({ max: 2 })
  const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
  const seen: number[] = []
  const read = async () => {
    const text = 'select n, pg_backend_pid() as pid from generate_series(1, 100) as n'
    for await (const { n, pid } of session.stream<{ n: number; pid: number }>(text, [], { batchSize: 10 })) {
      seen.push(n)
      if (n !== 15) continue
      await database.kill(pid)
      // Until this process has heard of it.
      await vi.waitFor(async () => expect(await backendOf(session)).not.toBe(pid))
    }
  }
  await expect(read()).rejects.toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) })
  expect(seen).toHaveLength(20)
  expect(rows).toHaveLength(1)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})

it('is read by two at once on two connections, and by others that wait', async () => {
  const { session } = openSession({ max: 2 })
  const sum = async () => {
    let total = 0
    for await (const { n } of session.stream<{ n: number }>(numbers(100), [], { batchSize: 9 })) total += n
    return total
  }
  expect(await Promise.all([sum(), sum(), sum(), sum(), sum()])).toEqual([5050, 5050, 5050, 5050, 5050])
})

it('never reports as committed, or as empty, what follows a type parser that threw inside a stream', async () => {
  // postgres.js then takes answers that belong to no statement for those of the next ones.
  let isBroken = true
  const parse = (value: string) => {
    if (isBroken) throw new Error('cannot parse')
    return Number(value)
  }
  const { session, used } = openSession({ types: { int: { to: 23, from: [23], serialize: String, parse } } })
  const read = async (on: typeof session) => {
    for await (const row of on.stream(numbers(30), [], { batchSize: 10 })) expect.unreachable(String(row))
  }
  const swallowing = session.transaction((transaction) => read(transaction).catch(() => {}))
  await expect(swallowing).rejects.toThrow('not known')
  await expect(session.transaction(read)).rejects.toThrow('cannot parse')
  await expect(read(session)).rejects.toThrow('cannot parse')
  isBroken = false
  for (let again = 0; again < 40; again += 1) {
    const rows = await session.query('select 1 as n').then(
      (result) => result.rows,
      (error) => error.message,
    )
    if (typeof rows !== 'string') expect(rows).toEqual([{ n: 1 }])
    if (again > 30) expect(rows).toEqual([{ n: 1 }])
  }
  expect(used()).toBe(0)
})
