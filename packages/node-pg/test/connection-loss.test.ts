import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createNodePgSession } from '../src/index.ts'
import { backendOf, openDatabase, type TestDatabase } from './open-database.ts'

/** A process that dies of an unheard `error` event fails this file: nothing here listens to a client. */
let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
  await database.look('create table written (id int)')
})
afterAll(() => database.close())

const openPool = () => {
  const pool = database.openPool({ max: 1 })
  const errors: unknown[] = []
  pool.on('error', (error) => errors.push(error))
  return { pool, errors, session: createNodePgSession(pool) }
}

it('rejects a statement whose backend is ended, and takes a new connection for the next', async () => {
  const { pool, errors, session } = openPool()
  const running = session.query('select pg_sleep(60) /* ended */')
  const rejection = expect(running).rejects.toMatchObject({ code: '57P01' })
  await database.kill(await database.running('/* ended */'))
  await rejection
  expect(pool.idleCount).toBe(0)
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(errors).toEqual([])
})

it('survives a backend that ends while its transaction is idle, and closes the transaction at once', async () => {
  const { errors, session } = openPool()
  let lost: unknown
  let late: unknown
  const rejection = await session
    .transaction(async (transaction) => {
      await transaction.query('insert into written values (1)')
      await database.kill(await backendOf(transaction))
      lost = await transaction.query('insert into written values (2)').catch((error) => error)
      late = await transaction.query('insert into written values (3)').catch((error) => error)
      throw lost
    })
    .catch((error) => error)
  expect(rejection).toBe(lost)
  expect(late).toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED' })
  expect(await database.look('select * from written')).toEqual([])
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(errors).toEqual([])
})

it('survives a backend that ends while a statement of its transaction runs', async () => {
  const { errors, session } = openPool()
  const rejection = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (1)')
    await transaction.query('select pg_sleep(60) /* in transaction */')
  })
  const expected = expect(rejection).rejects.toMatchObject({ code: '57P01' })
  await database.kill(await database.running('/* in transaction */'))
  await expected
  expect(await database.look('select * from written')).toEqual([])
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(errors).toEqual([])
})

it('does not commit where work went on without noticing that the connection was lost', async () => {
  const { session } = openPool()
  const rejection = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (1)')
    await database.kill(await backendOf(transaction))
    await transaction.query('select 1').catch(() => {})
  })
  await expect(rejection).rejects.toMatchObject({ code: '57P01' })
  expect(await database.look('select * from written')).toEqual([])
})

it('reports the end of an idle transaction by its time limit, and gives no such connection back', async () => {
  const pool = database.openPool({ max: 1, idle_in_transaction_session_timeout: 50 })
  const session = createNodePgSession(pool)
  const rejection = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (1)')
    const backend = await backendOf(transaction)
    await database.look('select pg_sleep(0.2) /* longer than the limit */')
    expect(await database.look('select 1 from pg_stat_activity where pid = $1', [backend])).toEqual([])
  })
  await expect(rejection).rejects.toMatchObject({ code: '25P03' })
  expect(await database.look('select * from written')).toEqual([])
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})

it('calls the outcome unknown, by the error of the connection, where it is lost in COMMIT', async () => {
  const { errors, session } = openPool()
  await session.query(`
    create table slow_commit (id int);
    create function wait_at_commit() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$;
    create constraint trigger wait after insert on slow_commit deferrable initially deferred
      for each row execute function wait_at_commit()`)
  const rejection = session.transaction((transaction) => transaction.query('insert into slow_commit values (1)'))
  const expected = expect(rejection).rejects.toMatchObject({ code: '57P01' })
  await database.kill(await database.running('COMMIT'))
  await expected
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(errors).toEqual([])
})

it('ends the reading of a stream whose backend is ended, and does not wait for its cursor', async () => {
  const { errors, session } = openPool()
  const read = async () => {
    for await (const { n, pid } of session.stream<{ n: number; pid: number }>(
      'select n, pg_backend_pid() as pid from generate_series(1, 100000) as n',
      [],
      { batchSize: 10 },
    )) {
      if (n === 15) await database.kill(pid)
    }
  }
  await expect(read()).rejects.toMatchObject({ code: '57P01' })
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  expect(errors).toEqual([])
})

it('lets the process live where a client of the user’s dies under a statement or a transaction of ours', async () => {
  const open = async () => {
    const client = new pg.Client({ connectionString: database.connectionString })
    await client.connect()
    return client
  }
  const first = createNodePgSession(await open())
  const statement = expect(first.query('select pg_sleep(60) /* own client */')).rejects.toMatchObject({ code: '57P01' })
  await database.kill(await database.running('/* own client */'))
  await statement

  const client = await open()
  const ended = new Promise((resolve) => client.once('end', resolve))
  const second = createNodePgSession(client)
  const transaction = second.transaction(async (open) => {
    await database.kill(await backendOf(open))
  })
  await expect(transaction).rejects.toMatchObject({ code: '57P01' })
  await ended
  expect(client.listenerCount('error')).toBe(0)
})
