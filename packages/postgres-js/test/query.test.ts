import { createTracker, type QueryEvent, type Session } from '@pgtally/core'
import { readPools } from '@pgtally/core/adapter'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createPostgresJsSession, observePool } from '../src/index.ts'
import { backendOf, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
  await database.look('create table written (id int primary key)')
})
afterAll(() => database.close())

const openSession = (options?: Parameters<TestDatabase['openSql']>[0]) => {
  const sql = database.openSql({ max: 2, ...options })
  return { sql, session: createPostgresJsSession(sql) }
}

const tally = async (session: Session, text: string) => {
  const events: QueryEvent[] = []
  const tracker = createTracker({ observers: [{ queryEnded: (event) => void events.push(event) }] })
  await tracker.withQueryTracking((bound: Session) => bound.query(text), { operation: 'tally' })(session)
  return events[0]
}

it('sends a text without values by the simple protocol, all of its statements', async () => {
  const { session } = openSession()
  const { rows, rowCount, command } = await session.query('select 1 as a; select 2 as b union select 3')
  expect({ rows: rows.map((row) => ({ ...row })), rowCount, command }).toEqual({
    rows: [{ b: 2 }, { b: 3 }],
    rowCount: 2,
    command: 'SELECT',
  })
  expect(await tally(session, 'select 1 as a; select 2 as b union select 3')).toMatchObject({
    statementCount: 2,
    rowCount: 3,
  })
})

it('counts all statements where postgres.js merges their results, and then knows no rows', async () => {
  const { session } = openSession()
  const text = `insert into written values (1), (2); insert into written values (3); delete from written; select ';' as a;`
  const event = await tally(session, text)
  expect(event).toMatchObject({ statementCount: 4 })
  expect(event).not.toHaveProperty('rowCount')
  const { rowCount, command } = await session.query('select 1 as a; insert into written values (1), (2)')
  expect({ rowCount, command }).toEqual({ rowCount: undefined, command: 'INSERT' })
  await session.query('delete from written')
})

it('lets the server refuse a second statement: with values, none among them, by a name, or on request', async () => {
  const { session } = openSession()
  const text = 'insert into written values (9); select 1'
  const refused = { code: '42601' }
  await expect(session.query(text, [])).rejects.toMatchObject(refused)
  await expect(session.query(text, undefined, { singleStatement: true })).rejects.toMatchObject(refused)
  await expect(session.query(text, undefined, { name: 'two' })).rejects.toMatchObject(refused)
  await expect(
    session.transaction((transaction) => transaction.query(text, undefined, { singleStatement: true })),
  ).rejects.toMatchObject(refused)
  expect(await database.look('select * from written')).toEqual([])
  expect((await session.query('select 1 as a', undefined, { singleStatement: true })).rows).toEqual([{ a: 1 }])
  expect((await session.query('', undefined, { singleStatement: true })).rows).toEqual([])
})

it('prepares a statement that was given a name, and no other', async () => {
  const { session } = openSession({ max: 1, fetch_types: false })
  const prepared = async () => (await session.query('select statement from pg_prepared_statements')).rows
  await session.query('select $1::int as n', [1])
  expect(await prepared()).toEqual([])
  for (const n of [1, 2, 3]) {
    expect((await session.query('select $1::int + 1 as n', [n], { name: 'next' })).rows).toEqual([{ n: n + 1 }])
  }
  expect(await prepared()).toEqual([{ statement: 'select $1::int + 1 as n' }])
  await session.query('select 1 as n', undefined, { name: 'one' })
  expect(await prepared()).toHaveLength(2)
})

it('prepares nothing where the user has switched that off', async () => {
  const { session } = openSession({ max: 1, prepare: false, fetch_types: false })
  expect((await session.query('select $1::int as n', [1], { name: 'one' })).rows).toEqual([{ n: 1 }])
  expect((await session.query('select 1 from pg_prepared_statements')).rows).toEqual([])
})

it('rejects with postgres.js’s own error where a value is undefined, and goes on', async () => {
  const { session } = openSession({ max: 1 })
  await expect(session.query('select $1::int', [undefined])).rejects.toMatchObject({ code: 'UNDEFINED_VALUE' })
  expect((await session.query('select $1::int as n', [null])).rows).toEqual([{ n: null }])
})

it('keeps the rows as postgres.js made them, transformed or parsed by the user’s own options', async () => {
  const { session } = openSession({ transform: { column: (name) => name.toUpperCase() } })
  expect((await session.query('select 1 as a, null as b')).rows).toEqual([{ A: 1, B: null }])
})

it('passes on no holes of a cursor that failed before on the same connection', async () => {
  const { sql, session } = openSession({ max: 1 })
  const fail = async () => {
    for await (const rows of sql`select 6 / (4 - n) as n from generate_series(1, 9) n`.cursor(2))
      expect(rows).toBeDefined()
  }
  await expect(fail()).rejects.toMatchObject({ code: '22012' })
  const { rows, rowCount } = await session.query('select 7 as n')
  expect(rows).toHaveLength(1)
  expect(Object.keys(rows)).toEqual(['0'])
  expect(rowCount).toBe(1)

  await expect(fail()).rejects.toMatchObject({ code: '22012' })
  const seen: unknown[] = []
  for await (const row of session.stream('select n from generate_series(1, 3) n', [], { batchSize: 2 })) seen.push(row)
  expect(seen).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
})

it('has no more under way than there are connections, and says so in the pool’s numbers', async () => {
  const { sql, session } = openSession({ max: 2 })
  observePool(sql, { poolName: 'counted' })
  const numbers = () =>
    readPools()
      .find(({ poolName }) => poolName === 'counted')
      ?.read()
  expect(numbers()).toEqual({ used: 0, idle: undefined, pending: 0, limit: 2 })
  const statements = [1, 2, 3, 4, 5].map((n) => session.query('select pg_sleep(0.1), $1::int as n /* counted */', [n]))
  await vi.waitFor(() => expect(numbers()).toEqual({ used: 2, idle: undefined, pending: 3, limit: 2 }))
  const results = await Promise.all(statements)
  expect(results.map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3, 4, 5])
  expect(numbers()).toEqual({ used: 0, idle: undefined, pending: 0, limit: 2 })
})

it('tells the wait for a connection apart, also where the user’s own statements are in the way', async () => {
  const { sql, session } = openSession({ max: 1 })
  await session.query('select 1')
  const own = sql`select pg_sleep(0.2)`.execute()
  const event = await tally(session, 'select pg_sleep(0.1)')
  await own
  expect(event?.poolWaitMs).toBeGreaterThanOrEqual(150)
  expect((event?.durationMs ?? 0) - (event?.poolWaitMs ?? 0)).toBeGreaterThanOrEqual(90)
  expect((await tally(session, 'select 1'))?.poolWaitMs).toBeLessThan(90)
})

it('shares the connections between two Sessions over one sql', async () => {
  const { sql, session } = openSession({ max: 1 })
  const other = createPostgresJsSession(sql)
  expect(await backendOf(other)).toBe(await backendOf(session))
  await session.transaction(async (transaction) => {
    const waits = other.query('select 1')
    await transaction.query('select pg_sleep(0.05)')
    await Promise.race([waits.then(() => expect.unreachable()), transaction.query('select 1')])
  })
})

it('begins no transaction on a connection that is busy, however many are asked for', async () => {
  // A BEGIN that postgres.js writes behind others can be left open on a connection that the transaction does not get.
  const { session } = openSession({ max: 2, ...{ max_pipeline: 2 } })
  const sleep = () => session.query('select pg_sleep(0.02)')
  await Promise.all([sleep(), sleep()])
  const insert = (id: number) =>
    session.transaction((transaction) => transaction.query(`insert into written values (${id})`))
  await Promise.all([sleep(), sleep(), sleep(), sleep(), insert(1), insert(2), sleep(), insert(3), insert(4)])
  expect(await database.look('delete from written returning id')).toHaveLength(4)
  expect(await database.look(`select pid from pg_stat_activity where state like 'idle in transaction%'`)).toEqual([])
})

it('refuses COPY from stdin and to stdout, whose data has no place here, and the connection goes on', async () => {
  const { session } = openSession({ max: 1 })
  const refused = { code: 'PGTALLY_INVALID_OPTION' }
  await expect(session.query('copy written from stdin')).rejects.toMatchObject(refused)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  await expect(session.query('copy (select generate_series(1, 100000)) to stdout')).rejects.toMatchObject(refused)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  const work = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (1)')
    await transaction.query('copy written from stdin').catch(() => {})
  })
  await expect(work).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK', cause: refused })
  await session.transaction(async (transaction) => {
    await expect(transaction.query('copy written to stdout')).rejects.toMatchObject(refused)
    await transaction.query('insert into written values (2)')
  })
  expect(await database.look('delete from written returning id')).toEqual([{ id: 2 }])
})
