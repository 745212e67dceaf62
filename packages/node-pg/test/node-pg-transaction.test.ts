import { withTransactionTracking } from '@pgtally/core'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { nodePgTransaction } from '../src/index.ts'
import { listenerCount, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await openDatabase()
  await database.look(`
    create table written (id int primary key);
    create table child (id int references written (id) deferrable initially deferred)`)
  pool = database.openPool({ max: 1 })
})
beforeEach(() => database.look('truncate written, child'))
afterAll(() => database.close())

const written = () => database.look('select id from written order by id')

/** A helper as people have them: it takes the client of the transaction. */
const insert = async (client: pg.PoolClient, id: number) => {
  await client.query('insert into written values ($1)', [id])
  return id
}

it('commits, and gives what work resolved to', async () => {
  expect(await nodePgTransaction(pool, (client) => insert(client, 1))).toBe(1)
  expect(await written()).toEqual([{ id: 1 }])
  expect(pool.idleCount).toBe(1)
})

it('rolls back, and throws the value that work threw', async () => {
  const thrown = Object.freeze({ reason: 'no' })
  const work = nodePgTransaction(pool, async (client) => {
    await insert(client, 1)
    throw thrown
  })
  expect(await work.catch((error) => error)).toBe(thrown)
  expect(await written()).toEqual([])
  expect(pool.idleCount).toBe(1)
})

it('rejects where a swallowed error made the server roll back', async () => {
  const work = nodePgTransaction(pool, async (client) => {
    await insert(client, 1)
    await insert(client, 1).catch(() => {})
  })
  const rejection = await work.catch((error) => error)
  expect(rejection).toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK' })
  expect('cause' in rejection).toBe(false)
  expect(await written()).toEqual([])
})

it('rejects with the error of a refused COMMIT', async () => {
  const work = nodePgTransaction(pool, (client) => client.query('insert into child values (404)'))
  await expect(work).rejects.toMatchObject({ code: '23503' })
  expect(pool.idleCount).toBe(1)
})

it('begins as asked for, and takes no connection for what it cannot begin', async () => {
  const level = await nodePgTransaction(
    pool,
    async (client) => (await client.query('show transaction_isolation')).rows[0].transaction_isolation,
    { isolationLevel: 'serializable', readOnly: true, deferrable: false },
  )
  expect(level).toBe('serializable')
  for (const wrong of [
    { isolationLevel: 'serializable; drop table written' },
    { readOnly: 'yes' },
    { deferrable: 1 },
  ]) {
    const work = nodePgTransaction(pool, async () => expect.unreachable(), wrong as never)
    await expect(work).rejects.toMatchObject({ code: 'PGTALLY_INVALID_OPTION' })
  }
})

it('survives the loss of its connection, whether work noticed it or not, and does not give it back', async () => {
  let noticed: unknown
  const lose = async (client: pg.PoolClient) => {
    await insert(client, 1)
    const { rows } = await client.query('select pg_backend_pid() as pid')
    await database.kill(rows[0].pid)
    noticed = await client.query('select 1').catch((error) => error)
  }
  await expect(nodePgTransaction(pool, lose)).rejects.toMatchObject({ code: '57P01' })
  const failing = nodePgTransaction(pool, async (client) => {
    await lose(client)
    throw noticed
  })
  expect(await failing.catch((error) => error)).toBe(noticed)
  expect(pool.totalCount).toBe(0)
  expect(await written()).toEqual([])
  expect(await nodePgTransaction(pool, (client) => insert(client, 2))).toBe(2)
})

it('leaves no listener on the client', async () => {
  const before = await pool.connect()
  const listeners = listenerCount(before)
  before.release()
  for (let id = 1; id <= 50; id += 1) await nodePgTransaction(pool, (client) => insert(client, id))
  const after = await pool.connect()
  expect(listenerCount(after)).toBe(listeners)
  after.release()
})

it('is what a tracked transaction over a pool is made of', async () => {
  const create = withTransactionTracking(
    async (client: pg.PoolClient, id: number) => {
      await insert(client, id)
      return (await client.query('show transaction_isolation')).rows[0].transaction_isolation as string
    },
    { operation: 'create', transact: nodePgTransaction },
  )
  const createSerializably = withTransactionTracking(
    async (client: pg.PoolClient, id: number) => {
      await insert(client, id)
      return (await client.query('show transaction_isolation')).rows[0].transaction_isolation as string
    },
    {
      operation: 'create_serializably',
      transact: (database: pg.Pool, work) => nodePgTransaction(database, work, { isolationLevel: 'serializable' }),
    },
  )
  expect(await create(pool, 1)).toBe('read committed')
  expect(await createSerializably(pool, 2)).toBe('serializable')
  expect(await written()).toEqual([{ id: 1 }, { id: 2 }])
})
