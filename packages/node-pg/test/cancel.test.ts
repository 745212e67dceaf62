import { startPostgres } from '@pgtally/throwaway-postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { driverOf } from '../src/driver-of.ts'
import { createNodePgSession } from '../src/index.ts'
import { backendOf, listenerCount, openDatabase, type TestDatabase } from './open-database.ts'
import { openTlsFront } from './open-tls-front.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
  await database.look('create table written (id int)')
})
afterAll(() => database.close())

const openSession = () => {
  const pool = database.openPool({ max: 1 })
  return { pool, session: createNodePgSession(pool) }
}

const openSockets = () => process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length

it('cancels a running statement on the server, rejects with the signal’s reason and keeps the connection', async () => {
  const { pool, session } = openSession()
  const backend = await backendOf(session)
  const sockets = openSockets()
  const reason = new Error('user left')
  const controller = new AbortController()
  const running = session.query('select pg_sleep(60) /* aborted */', [], { signal: controller.signal })
  await database.running('/* aborted */')
  controller.abort(reason)
  expect(await running.catch((error) => error)).toBe(reason)
  expect(await database.look(`select state from pg_stat_activity where pid = $1`, [backend])).toEqual([
    { state: 'idle' },
  ])
  expect(await backendOf(session)).toBe(backend)
  expect(pool.totalCount).toBe(1)
  await vi.waitFor(() => expect(openSockets()).toBe(sockets))
})

it('gives up waiting for a connection at once, and hands it back when it arrives', async () => {
  const { pool, session } = openSession()
  const taken = await pool.connect()
  const listeners = listenerCount(taken)
  const controller = new AbortController()
  const reason = new Error('too late')
  const statement = session.query('insert into written values (1)', [], { signal: controller.signal })
  const stream = session.stream('insert into written values (2) returning id', [], { signal: controller.signal })
  const reading = stream[Symbol.asyncIterator]().next()
  const settled = Promise.allSettled([statement, reading])
  await vi.waitFor(() => expect(pool.waitingCount).toBe(2))
  controller.abort(reason)
  expect(await settled).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ])
  taken.release()
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(await database.look('select * from written')).toEqual([])
  expect({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }).toEqual({
    total: 1,
    idle: 1,
    waiting: 0,
  })
  expect(listenerCount(taken)).toBe(listeners + 1)
})

it('takes back a statement of a transaction that waits for another one, which it leaves alone', async () => {
  const { session } = openSession()
  const controller = new AbortController()
  const reason = new Error('not this one')
  await session.transaction(async (transaction) => {
    const before = transaction.query('select pg_sleep(0.3), 1 as n /* goes on */')
    const waiting = transaction.query('insert into written values (3)', [], { signal: controller.signal })
    const rejection = waiting.catch((error) => error)
    await database.running('/* goes on */')
    controller.abort(reason)
    expect(await rejection).toBe(reason)
    expect((await before).rows).toMatchObject([{ n: 1 }])
    await transaction.query('insert into written values (4)')
  })
  expect(await database.look('delete from written returning id')).toEqual([{ id: 4 }])
})

it('cancels a running statement of a transaction, which can only be rolled back then', async () => {
  const { session } = openSession()
  const controller = new AbortController()
  const reason = new Error('stop')
  const work = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (5)')
    await transaction.query('select pg_sleep(60) /* in transaction */', [], { signal: controller.signal })
  })
  const rejection = work.catch((error) => error)
  await database.running('/* in transaction */')
  controller.abort(reason)
  expect(await rejection).toBe(reason)
  expect(await database.look('select * from written')).toEqual([])
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})

it('cancels a stream while the server works on its next rows', async () => {
  const { pool, session } = openSession()
  const backend = await backendOf(session)
  const controller = new AbortController()
  const reason = new Error('closed the page')
  const rows: unknown[] = []
  const read = async () => {
    const text = 'select n, case when n > 3 then pg_sleep(60) end from generate_series(1, 10) as n /* slow stream */'
    for await (const row of session.stream(text, [], { batchSize: 1, signal: controller.signal })) {
      if (rows.push(row) === 3) void database.running('/* slow stream */').then(() => controller.abort(reason))
    }
  }
  expect(await read().catch((error) => error)).toBe(reason)
  expect(rows).toHaveLength(3)
  expect(await backendOf(session)).toBe(backend)
  expect(pool.totalCount).toBe(1)
})

it('never lets a cancellation hit the statement after the one it was meant for', async () => {
  const { session } = openSession()
  const driver = driverOf(database.openPool({ max: 1 }), undefined)
  const call = { connected() {}, lost() {} }
  const statement = (text: string) => ({ text, values: undefined, name: undefined, singleStatement: false })
  await session.query('select 1')
  await driver.transaction(
    {},
    async (transaction) => {
      for (let round = 0; round < 40; round += 1) {
        await transaction.query(statement('savepoint before')).result
        const first = transaction.query(statement('select pg_sleep(0.001)'))
        first.cancel()
        await first.result.catch(() => {})
        await transaction.query(statement('rollback to before')).result
        const { rows } = await transaction.query(statement('select 1 as n, pg_sleep(0.002)')).result
        expect(rows).toMatchObject([{ n: 1 }])
      }
      return 'commit'
    },
    call,
  )
})

it('ends a checked-out connection that does not answer, at once', async () => {
  const pool = database.openPool({ max: 1 })
  const driver = driverOf(pool, undefined)
  const running = driver.query(
    { text: 'select pg_sleep(5) /* abandoned */', values: undefined, name: undefined, singleStatement: false },
    { connected() {}, lost() {} },
  )
  const rejection = expect(running.result).rejects.toThrow('Connection terminated')
  await database.running('/* abandoned */')
  running.abandon()
  await rejection
  expect(pool.totalCount).toBe(0)
  expect((await createNodePgSession(pool).query('select 1 as n')).rows).toEqual([{ n: 1 }])
})

it('cancels over TLS where the connection uses it', async () => {
  const front = await openTlsFront(database)
  const pool = new pg.Pool({
    connectionString: database.connectionString,
    port: front.port,
    max: 1,
    ssl: front.clientOptions,
  })
  // A connection string wins over the other options, its port too.
  pool.options.connectionString = database.connectionString.replace(`:${database.port}/`, `:${front.port}/`)
  try {
    const session = createNodePgSession(pool)
    const controller = new AbortController()
    const running = session.query('select pg_sleep(60) /* over TLS */', [], { signal: controller.signal })
    const rejection = running.catch((error) => error)
    await database.running('/* over TLS */')
    expect(front.encryptedCount()).toBe(1)
    controller.abort(new Error('enough'))
    expect(await rejection).toEqual(new Error('enough'))
    expect(front.encryptedCount()).toBe(2)
    expect(front.plainCount()).toBe(0)
    expect(pool.totalCount).toBe(1)
  } finally {
    await pool.end()
    await front.close()
  }
})

it('cancels over a socket in the file system', async () => {
  const server = await startPostgres({ socketOnly: true })
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 1 })
  try {
    const session = createNodePgSession(pool)
    const backend = await backendOf(session)
    const controller = new AbortController()
    const reason = new Error('enough')
    const running = session.query('select pg_sleep(60)', [], { signal: controller.signal }).catch((error) => error)
    controller.abort(reason)
    expect(await running).toBe(reason)
    expect(await backendOf(session)).toBe(backend)
  } finally {
    await pool.end()
    await server.stop()
  }
})
