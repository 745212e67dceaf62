import { createServer } from 'node:net'
import { classifyError, type Session } from '@pgtally/core'
import { startFaultProxy } from '@pgtally/session-contract'
import { startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sqlStates } from '../../core/test/sql-states.ts'
import { createPostgresJsSession } from '../src/index.ts'
import { openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
let session: Session
beforeAll(async () => {
  database = await openDatabase()
  session = createPostgresJsSession(database.openSql({ max: 3 }))
  await database.look(`
    create table account (id int primary key, balance int not null);
    create table owner (account_id int references account (id) deferrable initially deferred);
    insert into account values (1, 1), (2, 1)`)
})
afterAll(() => database.close())

const openSession = (options: Parameters<TestDatabase['openSql']>[0]) =>
  createPostgresJsSession(database.openSql({ max: 1, ...options }))
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('it did not fail'),
    (error) => error,
  )
const kindOf = async (promise: Promise<unknown>) => classifyError(await failure(promise)).kind

it('gives every SQLSTATE that comes through postgres.js its kind', async () => {
  const wrong: unknown[] = []
  // That of success cannot be raised.
  const raisable = sqlStates.filter(([sqlState]) => sqlState !== '00000')
  for (const [sqlState, condition, kind] of raisable) {
    const raise = `do $$ begin raise exception 'raised' using errcode = '${sqlState}'; end $$`
    const found = classifyError(await failure(session.query(raise)))
    if (found.kind !== kind || found.sqlState !== sqlState) wrong.push({ sqlState, condition, kind, found })
  }
  expect(wrong).toEqual([])
  expect(raisable.length).toBeGreaterThan(250)
})

const meeting = (count: number) => {
  let open = () => {}
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  let arrived = 0
  return () => {
    arrived += 1
    if (arrived === count) open()
    return all
  }
}

it('deadlock', async () => {
  const bothHaveOne = meeting(2)
  const lock = (first: number, second: number) =>
    session.transaction(async (transaction) => {
      await transaction.query('update account set balance = 0 where id = $1', [first])
      await bothHaveOne()
      await transaction.query('update account set balance = 0 where id = $1', [second])
    })
  const settled = await Promise.allSettled([lock(1, 2), lock(2, 1)])
  const reasons = settled.flatMap((one) => (one.status === 'rejected' ? [classifyError(one.reason)] : []))
  expect(reasons).toEqual([{ kind: 'deadlock', sqlState: '40P01', retryable: true }])
})

it('serialization failure at COMMIT', async () => {
  const bothHaveWritten = meeting(2)
  const withdraw = (from: number) =>
    session.transaction(
      async (transaction) => {
        await transaction.query('select sum(balance) from account')
        await transaction.query('update account set balance = 0 where id = $1', [from])
        await bothHaveWritten()
      },
      { isolationLevel: 'serializable' },
    )
  const settled = await Promise.allSettled([withdraw(1), withdraw(2)])
  const reasons = settled.flatMap((one) => (one.status === 'rejected' ? [classifyError(one.reason).kind] : []))
  expect(reasons).toEqual(['serialization_failure'])
})

it('lock timeout, and NOWAIT', async () => {
  const impatient = openSession({ connection: { lock_timeout: 20 } })
  await session.transaction(async (transaction) => {
    await transaction.query('select * from account where id = 1 for update')
    expect(await kindOf(impatient.query('update account set balance = 0 where id = 1'))).toBe('lock_timeout')
    expect(await kindOf(session.query('select * from account where id = 1 for update nowait'))).toBe('lock_timeout')
  })
})

it('statement timeout', async () => {
  expect(await kindOf(openSession({ connection: { statement_timeout: 20 } }).query('select pg_sleep(5)'))).toBe(
    'canceled',
  )
})

it('a signal', async () => {
  const signal = AbortSignal.timeout(20)
  expect(await kindOf(session.query('select pg_sleep(5)', [], { signal }))).toBe('aborted')
})

it('a read-only transaction, a deferred foreign key, a unique violation, a syntax error', async () => {
  const write = (transaction: Session) => transaction.query('delete from account')
  expect(await kindOf(session.transaction(write, { readOnly: true }))).toBe('read_only')
  const orphan = (transaction: Session) => transaction.query('insert into owner values (404)')
  expect(await kindOf(session.transaction(orphan))).toBe('foreign_key_violation')
  expect(await kindOf(session.query('insert into account values ($1, $1)', [1]))).toBe('unique_violation')
  expect(await kindOf(session.query('selec 1'))).toBe('syntax_error')
})

it('a backend that ends while a statement runs, and while its transaction is idle', async () => {
  expect(await kindOf(session.query('select pg_terminate_backend(pg_backend_pid())'))).toBe('connection_lost')
  const idle = openSession({ connection: { idle_in_transaction_session_timeout: 20 } })
  const work = idle.transaction(async () => {
    await database.look('select pg_sleep(0.2) /* longer than the limit */')
  })
  // The server's word for it, 25P03, is dropped by postgres.js.
  expect(await kindOf(work)).toBe('connection_lost')
})

it('a connection that is reset', async () => {
  const { hostname, port } = new URL(database.connectionString)
  const proxy = await startFaultProxy({ host: hostname, port: Number(port) })
  try {
    const behind = openSession({ host: proxy.host, port: proxy.port })
    await behind.query('select 1')
    const running = kindOf(behind.query('select pg_sleep(5) /* reset */'))
    await database.running('/* reset */')
    proxy.reset()
    expect(await running).toBe('connection_lost')
  } finally {
    await proxy.close()
  }
})

it('a wrong password, a wrong user, a wrong database', async () => {
  expect(await kindOf(openSession({ password: 'wrong' }).query('select 1'))).toBe('auth_failed')
  expect(await kindOf(openSession({ username: 'nobody' }).query('select 1'))).toBe('auth_failed')
  expect(await kindOf(openSession({ database: 'missing' }).transaction(async () => 1))).toBe('undefined_object')
})

it('nobody listens, an unknown host, a server that says nothing', async () => {
  expect(await kindOf(openSession({ host: '127.0.0.1', port: 1 }).query('select 1'))).toBe('connection_failed')
  expect(await kindOf(openSession({ host: 'no-such-host.invalid' }).query('select 1'))).toBe('connection_failed')
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { port: number }
  expect(await kindOf(openSession({ host: '127.0.0.1', port, connect_timeout: 0.05 }).query('select 1'))).toBe(
    'connect_timeout',
  )
  silent.close()
})

it('a sql that was ended, a value that is undefined, too many values', async () => {
  const ended = database.openSql({ max: 1 })
  await ended.end()
  expect(await kindOf(createPostgresJsSession(ended).query('select 1'))).toBe('pool_closed')
  expect(await kindOf(session.query('select $1', [undefined]))).toBe('client_misuse')
  const many = Array.from({ length: 65_535 }, (_, index) => index)
  expect(await kindOf(session.query(`select ${many.map((n) => `$${n + 1}::int`).join(',')}`, many))).toBe(
    'client_misuse',
  )
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})

it('too many connections', async () => {
  const [major = 18] = testMajors()
  const server = await startPostgres({ major, settings: { max_connections: 4, superuser_reserved_connections: 0 } })
  const sql = postgres(server.connectionString, { max: 8, onnotice() {} })
  try {
    const crowd = createPostgresJsSession(sql)
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => crowd.query('select pg_sleep(0.2)')))
    const kinds = settled.flatMap((one) => (one.status === 'rejected' ? [classifyError(one.reason).kind] : []))
    expect(new Set(kinds)).toEqual(new Set(['too_many_connections']))
    expect((await crowd.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  } finally {
    await sql.end({ timeout: 0 })
    await server.stop()
  }
})
