import type { DriverStatement } from '@pgtally/core/adapter'
import { startFaultProxy } from '@pgtally/session-contract'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { driverOf } from '../src/driver-of.ts'
import { createPostgresJsSession } from '../src/index.ts'
import { backendOf, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
  await database.look('create table written (id int)')
})
afterAll(() => database.close())

const openSession = (options?: Parameters<TestDatabase['openSql']>[0]) => {
  const sql = database.openSql({ max: 1, ...options })
  return { sql, session: createPostgresJsSession(sql), numbers: () => driverOf(sql, undefined).pool?.read() }
}
const idle = { used: 0, idle: undefined, pending: 0, limit: 1 }
const statement = (text: string): DriverStatement => ({
  text,
  values: undefined,
  name: undefined,
  singleStatement: false,
})
const noCall = { connected() {}, lost() {} }

const abortLater = (reason: unknown = new Error('user left')) => {
  const controller = new AbortController()
  return { reason, signal: controller.signal, abort: () => controller.abort(reason) }
}

it('cancels a running statement on the server, rejects with the signal’s reason and keeps the connection', async () => {
  const { session, numbers } = openSession()
  const backend = await backendOf(session)
  for (const values of [undefined, [60]]) {
    const { reason, signal, abort } = abortLater()
    const text = values === undefined ? 'select pg_sleep(60) /* aborted */' : 'select pg_sleep($1) /* aborted */'
    const running = session.query(text, values, { signal }).catch((error) => error)
    await database.running('/* aborted */')
    abort()
    expect(await running).toBe(reason)
    expect(await database.look(`select state from pg_stat_activity where pid = $1`, [backend])).toEqual([
      { state: 'idle' },
    ])
  }
  expect(await backendOf(session)).toBe(backend)
  expect(numbers()).toEqual(idle)
})

it('gives up waiting for a connection at once, and sends nothing', async () => {
  const { session, numbers } = openSession()
  const first = session.query('select pg_sleep(0.3)')
  const { reason, signal, abort } = abortLater()
  const query = session.query('insert into written values (1)', [], { signal })
  const stream = session.stream('insert into written values (2) returning id', [], { signal })
  const settled = Promise.allSettled([query, stream[Symbol.asyncIterator]().next()])
  await vi.waitFor(() => expect(numbers()?.pending).toBe(2))
  abort()
  expect(await Promise.race([settled, first])).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ])
  await first
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(await database.look('select * from written')).toEqual([])
  expect(numbers()).toEqual(idle)
})

it('sends nothing of a statement that postgres.js opens a connection for, and keeps that connection', async () => {
  // By postgres.js's own way to cancel it the connection would be lost to the pool: with max 1 the next statement waits for ever.
  const { session, numbers } = openSession()
  const { reason, signal, abort } = abortLater()
  const query = session.query('insert into written values ($1)', [1], { signal }).catch((error) => error)
  await vi.waitFor(() => expect(numbers()?.used).toBe(1))
  abort()
  expect(await query).toBe(reason)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(await database.look('select * from written')).toEqual([])
})

it('sends nothing of a statement that waits behind the user’s own, and cancels none of those', async () => {
  const { sql, session } = openSession()
  await session.query('select 1')
  // A cursor takes the connection whole, so what comes later stays in postgres.js's queue.
  const own = (async () => {
    const seen: unknown[] = []
    for await (const rows of sql`select n, pg_sleep(0.1) from generate_series(1, 3) n`.cursor(1)) seen.push(...rows)
    return seen
  })()
  await database.running('generate_series(1, 3) n')
  const { reason, signal, abort } = abortLater()
  const query = session.query('insert into written values ($1)', [1], { signal }).catch((error) => error)
  await new Promise((resolve) => setImmediate(resolve))
  abort()
  expect(await query).toBe(reason)
  expect(await own).toHaveLength(3)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(await database.look('select * from written')).toEqual([])
})

it('leaves alone what postgres.js wrote behind the user’s own statement: its answers would change places', async () => {
  const { sql, session } = openSession()
  await session.query('select 1')
  const own = sql`select pg_sleep(0.3), 'own' as whose`.execute()
  await database.running(`'own' as whose`)
  const { reason, signal, abort } = abortLater()
  const query = session.query(`select 'ours' as whose`, undefined, { signal }).catch((error) => error)
  await new Promise((resolve) => setImmediate(resolve))
  abort()
  expect((await own).map(({ whose }) => whose)).toEqual(['own'])
  expect(await query).toBe(reason)
  expect((await session.query(`select 'next' as whose`)).rows).toEqual([{ whose: 'next' }])
})

it('takes back a statement of a transaction that waits for another one, which it leaves alone', async () => {
  const { session } = openSession()
  const { reason, signal, abort } = abortLater()
  await session.transaction(async (transaction) => {
    const before = transaction.query('select pg_sleep(0.3), 1 as n /* goes on */')
    const waiting = transaction.query('insert into written values (3)', [], { signal })
    const rejection = waiting.catch((error) => error)
    await database.running('/* goes on */')
    abort()
    expect(await rejection).toBe(reason)
    expect((await before).rows).toMatchObject([{ n: 1 }])
    await transaction.query('insert into written values (4)')
  })
  expect(await database.look('delete from written returning id')).toEqual([{ id: 4 }])
})

it('sends nothing of a transaction’s statement that is aborted as soon as it is made, and the transaction goes on', async () => {
  const { session } = openSession()
  await session.transaction(async (transaction) => {
    const { reason, signal, abort } = abortLater()
    const query = transaction.query('insert into written values ($1)', [1], { signal }).catch((error) => error)
    abort()
    expect(await query).toBe(reason)
    await transaction.query('insert into written values (2)')
  })
  expect(await database.look('delete from written returning id')).toEqual([{ id: 2 }])
})

it('cancels a running statement of a transaction, which can only be rolled back then', async () => {
  const { session, numbers } = openSession()
  const { reason, signal, abort } = abortLater()
  const work = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (5)')
    await transaction.query('select pg_sleep(60) /* in transaction */', [], { signal })
  })
  const rejection = work.catch((error) => error)
  await database.running('/* in transaction */')
  abort()
  expect(await rejection).toBe(reason)
  expect(await database.look('select * from written')).toEqual([])
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(numbers()).toEqual(idle)
})

it('cancels a stream while the server works on its next rows', async () => {
  const { session, numbers } = openSession()
  const backend = await backendOf(session)
  const { reason, signal, abort } = abortLater()
  const rows: unknown[] = []
  const read = async () => {
    const text = 'select n, case when n > 3 then pg_sleep(60) end from generate_series(1, 10) as n /* slow stream */'
    for await (const row of session.stream(text, [], { batchSize: 1, signal })) {
      if (rows.push(row) === 3) void database.running('/* slow stream */').then(abort)
    }
  }
  expect(await read().catch((error) => error)).toBe(reason)
  expect(rows).toHaveLength(3)
  expect(await backendOf(session)).toBe(backend)
  expect(numbers()).toEqual(idle)
})

it('never lets a cancellation hit the statement after the one it was meant for, in a transaction and outside', async () => {
  const driver = driverOf(database.openSql({ max: 1 }), undefined)
  for (let round = 0; round < 40; round += 1) {
    const first = driver.query(statement('select pg_sleep(0.001)'), noCall)
    await new Promise((resolve) => setImmediate(resolve))
    first.cancel()
    const next = driver.query(statement('select 1 as n, pg_sleep(0.002)'), noCall)
    await first.result.catch(() => {})
    expect((await next.result).rows).toMatchObject([{ n: 1 }])
  }
  await driver.transaction(
    {},
    async (transaction) => {
      for (let round = 0; round < 40; round += 1) {
        await transaction.query(statement('savepoint before')).result
        const first = transaction.query(statement('select pg_sleep(0.001)'))
        await new Promise((resolve) => setImmediate(resolve))
        first.cancel()
        await first.result.catch(() => {})
        await transaction.query(statement('rollback to before')).result
        const { rows } = await transaction.query(statement('select 1 as n, pg_sleep(0.002)')).result
        expect(rows).toMatchObject([{ n: 1 }])
      }
      return 'commit'
    },
    noCall,
  )
})

it('rejects after a second where the server does not answer, and ends a transaction’s connection', async () => {
  const { host, port } = new URL(database.connectionString)
  const proxy = await startFaultProxy({ host: host.split(':')[0] ?? '', port: Number(port) })
  try {
    const { session } = openSession({ max: 2, host: proxy.host, port: proxy.port })
    for (const values of [undefined, [60]]) {
      const { reason, signal, abort } = abortLater()
      const text =
        values === undefined ? 'select pg_sleep(60) /* unanswered */' : 'select pg_sleep($1) /* unanswered */'
      let late: unknown
      const rejection = session
        .transaction(async (transaction) => {
          await transaction.query('insert into written values (6)')
          await transaction.query(text, values, { signal }).catch(() => {})
          late = await transaction.query('insert into written values (7)').catch((error) => error)
        })
        .catch((error) => error)
      const pid = await database.running('/* unanswered */')
      proxy.set('toServer', { drop: true })
      abort()
      const error = await rejection
      expect(error).not.toBe(reason)
      expect(late).toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED' })
      proxy.set('toServer', { drop: false })
      await database.kill(pid)
      expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    }
    expect(await database.look('select * from written')).toEqual([])
  } finally {
    await proxy.close()
  }
})
