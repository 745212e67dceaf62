import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { driverOf } from '../src/driver-of.ts'
import { createNodePgSession } from '../src/index.ts'
import { backendOf, listenerCount, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())

/** Keeps what `pg` itself answered, to compare by identity. */
class ListeningClient extends pg.Client {
  static readonly answers: unknown[] = []
  override query(...parameters: never[]) {
    const answer = (super.query as (...all: never[]) => unknown)(...parameters)
    if (answer instanceof Promise) {
      answer.then(
        (result) => ListeningClient.answers.push(result),
        (error) => ListeningClient.answers.push(error),
      )
    }
    return answer as never
  }
}

it('gives the rows and the error objects of pg, the very same', async () => {
  const session = createNodePgSession(database.openPool({ Client: ListeningClient as never }))
  const { rows } = await session.query('select $1::int as n', [7])
  expect(rows).toEqual([{ n: 7 }])
  expect(rows).toBe((ListeningClient.answers.at(-1) as pg.QueryResult).rows)
  const error = await session.query('select 1 / 0').catch((thrown) => thrown)
  expect(error).toMatchObject({ code: '22012' })
  expect(ListeningClient.answers.at(-1)).toBe(error)
})

it('reports the row count and command of the server, and nothing where it reports none', async () => {
  const session = createNodePgSession(database.openPool())
  expect(await session.query('create table counted (id int)')).toEqual({
    rows: [],
    rowCount: undefined,
    command: 'CREATE',
  })
  expect(await session.query('insert into counted values (1), (2)')).toMatchObject({ rowCount: 2, command: 'INSERT' })
  expect(await session.query('select * from counted where id = 3')).toEqual({
    rows: [],
    rowCount: 0,
    command: 'SELECT',
  })
  expect(await session.query('')).toEqual({ rows: [], rowCount: undefined, command: undefined })
})

it('runs several statements in one text without values, and gives the last one’s rows', async () => {
  const session = createNodePgSession(database.openPool())
  const result = await session.query('select 1 as a; select 2 as b union select 3 order by b')
  expect(result).toEqual({ rows: [{ b: 2 }, { b: 3 }], rowCount: 2, command: 'SELECT' })
})

it('lets the server refuse a second statement where one is asked for', async () => {
  const session = createNodePgSession(database.openPool())
  await session.query('create table refused (id int)')
  const text = 'select 1; insert into refused values (1)'
  await expect(session.query(text, undefined, { singleStatement: true })).rejects.toMatchObject({ code: '42601' })
  expect(await database.look('select * from refused')).toEqual([])
  expect((await session.query('select 5 as n', [], { singleStatement: true })).rows).toEqual([{ n: 5 }])
})

it('makes a named prepared statement once per connection', async () => {
  const session = createNodePgSession(database.openPool({ max: 1 }))
  for (const n of [1, 2]) {
    const { rows } = await session.query('select $1::int + 1 as n', [n], { name: 'add_one' })
    expect(rows).toEqual([{ n: n + 1 }])
  }
  expect(
    (await session.query('select name, generic_plans + custom_plans as runs from pg_prepared_statements')).rows,
  ).toEqual([{ name: 'add_one', runs: '2' }])
})

it('keeps the connection after a plain SQL error', async () => {
  const session = createNodePgSession(database.openPool({ max: 1 }))
  const before = await backendOf(session)
  await expect(session.query('select no_such_column')).rejects.toMatchObject({ code: '42703' })
  await expect(session.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' })
  expect(await backendOf(session)).toBe(before)
})

it('ends a connection whose statement timed out in the client, where the server may still run it', async () => {
  const pool = database.openPool({ max: 1, query_timeout: 100 })
  const session = createNodePgSession(pool)
  await expect(session.query('select pg_sleep(2) /* read timeout */')).rejects.toThrow('Query read timeout')
  expect(pool.totalCount).toBe(0)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})

it('tells waiting for a connection from execution', async () => {
  const pool = database.openPool({ max: 1 })
  const taken = await pool.connect()
  const course: string[] = []
  const { result } = driverOf(pool, undefined).query(
    { text: 'select 1', values: undefined, name: undefined, singleStatement: false },
    { connected: () => course.push('connected'), lost: () => course.push('lost') },
  )
  course.push('sent')
  await vi.waitFor(() => expect(pool.waitingCount).toBe(1))
  course.push('waited')
  taken.release()
  await result
  expect(course).toEqual(['sent', 'waited', 'connected'])
})

it('passes over a connection that somebody gave back inside a transaction', async () => {
  const pool = database.openPool({ max: 1 })
  const session = createNodePgSession(pool)
  await session.query('create table leaked (id int)')
  const careless = await pool.connect()
  await careless.query('begin')
  careless.release()
  await session.query('insert into leaked values (1)')
  expect(await database.look('select id from leaked')).toEqual([{ id: 1 }])
})

it('keeps a connection after a mistake that never reached the server', async () => {
  const session = createNodePgSession(database.openPool({ max: 1 }))
  const before = await backendOf(session)
  await session.query('select 1', undefined, { name: 'one_name' })
  await expect(session.query('select 2', undefined, { name: 'one_name' })).rejects.toThrow('must be unique')
  expect(await backendOf(session)).toBe(before)
})

it('leaves no listener and no client behind after many calls', async () => {
  const pool = database.openPool({ max: 2 })
  const session = createNodePgSession(pool)
  const first = await pool.connect()
  const before = listenerCount(first)
  first.release()
  for (let round = 0; round < 100; round += 1) {
    await Promise.all([
      session.query('select 1'),
      session.query('select 1 / 0').catch(() => {}),
      session.transaction((transaction) => transaction.query('select 1')),
    ])
  }
  expect(pool.totalCount - pool.idleCount).toBe(0)
  expect(pool.waitingCount).toBe(0)
  expect(pool.eventNames()).toEqual([])
  const clients = [await pool.connect(), await pool.connect()]
  expect(clients.map(listenerCount)).toEqual([before, before])
  for (const client of clients) client.release()
})

it('changes no setting of the session', async () => {
  const pool = database.openPool({ max: 1 })
  const settings = `select name, setting from pg_settings where name not in ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')`
  const before = (await pool.query(settings)).rows
  const session = createNodePgSession(pool)
  await session.transaction((transaction) => transaction.query('select 1'), {
    isolationLevel: 'serializable',
    readOnly: true,
  })
  for await (const row of session.stream('select 1')) expect(row).toBeDefined()
  expect((await pool.query(settings)).rows).toEqual(before)
})
