import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createNodePgSession } from '../src/index.ts'
import { listenerCount, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
  await database.look('create table written (id int)')
})
beforeEach(() => database.look('truncate written'))
afterAll(() => database.close())

const written = () => database.look('select id from written order by id')

it('runs statements, transactions and streams on the client that it was given, and says what it cannot do', async () => {
  const client = await database.openClient()
  const listeners = listenerCount(client)
  const session = createNodePgSession(client)
  expect(session.capabilities).toEqual({
    concurrentTransactions: false,
    statementTimeout: true,
    cancel: true,
    poolWait: false,
  })
  await session.transaction((transaction) => transaction.query('insert into written values (1)'))
  await session.query('insert into written values (2)')
  await expect(session.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' })
  const ids: number[] = []
  for await (const { id } of session.stream<{ id: number }>('select id from written order by id', [], { batchSize: 1 }))
    ids.push(id)
  expect(ids).toEqual([1, 2])
  expect(listenerCount(client)).toBe(listeners)
})

it('works inside the transaction that the user began, and leaves it to him', async () => {
  const client = await database.openClient()
  const session = createNodePgSession(client)
  await client.query('begin')
  await session.query('insert into written values (1)')
  await expect(session.transaction(async () => {})).rejects.toMatchObject({ code: 'PGTALLY_CLIENT_BUSY' })
  await client.query('rollback')
  expect(await written()).toEqual([])
  await session.transaction((transaction) => transaction.query('insert into written values (2)'))
  expect(await written()).toEqual([{ id: 2 }])
})

it('refuses a second transaction while one is open, from another Session over the same client too', async () => {
  const client = await database.openClient()
  const first = createNodePgSession(client)
  const second = createNodePgSession(client)
  await first.transaction(async (transaction) => {
    await expect(second.transaction(async () => {})).rejects.toMatchObject({ code: 'PGTALLY_CLIENT_BUSY' })
    await transaction.query('insert into written values (1)')
  })
  await second.transaction((transaction) => transaction.query('insert into written values (2)'))
  expect(await written()).toEqual([{ id: 1 }, { id: 2 }])
})

it('neither releases nor ends a client of a pool that the user checked out', async () => {
  const pool = database.openPool({ max: 1 })
  const client = await pool.connect()
  const session = createNodePgSession(client)
  await expect(
    session.transaction(async (transaction) => {
      await transaction.query('insert into written values (1)')
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await session.transaction((transaction) => transaction.query('insert into written values (2)'))
  expect(pool.idleCount).toBe(0)
  client.release()
  expect(pool.idleCount).toBe(1)
  expect(await written()).toEqual([{ id: 2 }])
})

it('runs many statements at once, one after the other in call order', async () => {
  const client = await database.openClient()
  const session = createNodePgSession(client)
  const ids = Array.from({ length: 50 }, (_, id) => id)
  await Promise.all(ids.map((id) => session.query('insert into written values ($1)', [id])))
  expect(await database.look('select id from written')).toEqual(ids.map((id) => ({ id })))
})

it('refuses a statement that would wait for its own stream', async () => {
  const client = await database.openClient()
  const session = createNodePgSession(client)
  for await (const row of session.stream('select 1')) {
    expect(row).toBeDefined()
    await expect(session.query('select 2')).rejects.toMatchObject({ code: 'PGTALLY_STREAM_OPEN' })
  }
  expect((await session.query('select 3 as n')).rows).toEqual([{ n: 3 }])
})

it('does not cancel what the user runs on the same client, for a statement that waits behind it', async () => {
  const client = await database.openClient()
  const session = createNodePgSession(client)
  const controller = new AbortController()
  const reason = new Error('not ours')
  const theirs = client.query('select pg_sleep(0.3), 1 as n /* theirs */')
  const ours = session.query('select 1', [], { signal: controller.signal }).catch((error) => error)
  await database.running('/* theirs */')
  controller.abort(reason)
  expect((await theirs).rows).toMatchObject([{ n: 1 }])
  expect(await ours).toBe(reason)
})

it('cancels what it runs itself', async () => {
  const client = await database.openClient()
  const session = createNodePgSession(client)
  const controller = new AbortController()
  const reason = new Error('enough')
  const running = session
    .query('select pg_sleep(60) /* ours */', [], { signal: controller.signal })
    .catch((error) => error)
  await database.running('/* ours */')
  controller.abort(reason)
  expect(await running).toBe(reason)
  expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})

it('rejects what is sent after the user ended the client', async () => {
  const client = await database.openClient()
  const session = createNodePgSession(client)
  await client.end()
  await expect(session.query('select 1')).rejects.toThrow('Client was closed')
  await expect(session.transaction(async () => {})).rejects.toThrow('Client was closed')
})

it('refuses what is no client or pool of pg', () => {
  for (const wrong of [undefined, null, {}, { query() {} }, { connect() {}, options: {}, totalCount: 0 }]) {
    expect(() => createNodePgSession(wrong as never)).toThrow(
      expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION' }),
    )
  }
})
