import type { Session } from '@pgtally/core'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createNodePgSession } from '../src/index.ts'
import { backendOf, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
let pool: pg.Pool
let session: Session
const warnings: string[] = []

beforeAll(async () => {
  database = await openDatabase()
  pool = database.openPool({ max: 2 })
  pool.on('connect', (client) => client.on('notice', ({ message }) => warnings.push(String(message))))
  session = createNodePgSession(pool)
  await session.query(`
    create table account (id int primary key, balance int not null);
    create table owner (account_id int references account (id) deferrable initially deferred)`)
})
beforeEach(async () => {
  await session.query('truncate account, owner')
  warnings.length = 0
})
afterAll(() => database.close())

const balances = () => database.look('select id, balance from account order by id')
const idle = () =>
  expect({ used: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }).toEqual({ used: 0, waiting: 0 })

it('commits what work did, and gives back the connection', async () => {
  const result = await session.transaction(async (transaction) => {
    await transaction.query('insert into account values ($1, $2)', [1, 10])
    expect(await balances()).toEqual([])
    return 'done'
  })
  expect(result).toBe('done')
  expect(await balances()).toEqual([{ id: 1, balance: 10 }])
  idle()
})

it('rolls back and throws the very value that work threw', async () => {
  for (const thrown of [new Error('no'), undefined, 'text', Object.freeze({})]) {
    const rejection = await session
      .transaction(async (transaction) => {
        await transaction.query('insert into account values (1, 10)')
        throw thrown
      })
      .then(
        () => expect.unreachable(),
        (error) => ({ error }),
      )
    expect(rejection.error).toBe(thrown)
  }
  expect(await balances()).toEqual([])
  idle()
})

it.each([
  [{}, ['read committed', 'off', 'off']],
  [{ isolationLevel: 'read committed' }, ['read committed', 'off', 'off']],
  [{ isolationLevel: 'repeatable read', readOnly: true }, ['repeatable read', 'on', 'off']],
  [{ isolationLevel: 'serializable', readOnly: true, deferrable: true }, ['serializable', 'on', 'on']],
  [{ isolationLevel: 'serializable', readOnly: false, deferrable: false }, ['serializable', 'off', 'off']],
] as const)('begins as asked for: %j', async (options, expected) => {
  const seen = await session.transaction(async (transaction) => {
    const show = async (name: string) => Object.values((await transaction.query(`show ${name}`)).rows[0] ?? {})[0]
    return [
      await show('transaction_isolation'),
      await show('transaction_read_only'),
      await show('transaction_deferrable'),
    ]
  }, options)
  expect(seen).toEqual(expected)
})

it('overrides the server’s default both ways, and leaves it where nothing is given', async () => {
  const readOnly = createNodePgSession(database.openPool({ options: '-c default_transaction_read_only=on' }))
  const insert = (transaction: Session) => transaction.query('insert into account values (1, 1)')
  await expect(readOnly.transaction(insert)).rejects.toMatchObject({ code: '25006' })
  await readOnly.transaction(insert, { readOnly: false })
  expect(await balances()).toEqual([{ id: 1, balance: 1 }])
})

it('rejects where an error was swallowed and the server answered COMMIT by ROLLBACK', async () => {
  let swallowed: unknown
  const rejection = await session
    .transaction(async (transaction) => {
      await transaction.query('insert into account values (1, 10)')
      await transaction.query('insert into account values (1, 10)').catch((error) => {
        swallowed = error
      })
    })
    .catch((error) => error)
  expect(rejection).toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK' })
  expect(rejection.cause).toBe(swallowed)
  expect(await balances()).toEqual([])
  idle()
})

it('rejects with the server’s error where a deferred constraint refuses COMMIT, sends no ROLLBACK and keeps the connection', async () => {
  let backend = 0
  const rejection = await session
    .transaction(async (transaction) => {
      backend = await backendOf(transaction)
      await transaction.query('insert into owner values (404)')
    })
    .catch((error) => error)
  expect(rejection).toMatchObject({ code: '23503', severity: 'ERROR' })
  expect(warnings).toEqual([])
  expect(await database.look('select 1 from pg_stat_activity where pid = $1', [backend])).toHaveLength(1)
  idle()
})

it('rejects with 40001 where COMMIT itself fails to serialize', async () => {
  await session.query('insert into account values (1, 1), (2, 1)')
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
  expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '40001' } })
  expect(warnings).toEqual([])
  idle()
})

it('runs concurrent statements in call order, and waits for those that were not awaited', async () => {
  await session.transaction(async (transaction) => {
    await transaction.query('insert into account values (1, 1)')
    for (const factor of [2, 3]) {
      transaction.query('update account set balance = (balance + 1) * $1 where id = 1', [factor])
    }
  })
  expect(await balances()).toEqual([{ id: 1, balance: 15 }])
})

it('makes a savepoint of a transaction in a transaction', async () => {
  await session.transaction(async (transaction) => {
    await transaction.query('insert into account values (1, 1)')
    const inner = transaction.transaction(async (savepoint) => {
      await savepoint.query('insert into account values (2, 2)')
      await savepoint.query('select 1 / 0')
    })
    await expect(inner).rejects.toMatchObject({ code: '22012' })
    await transaction.transaction((savepoint) => savepoint.query('insert into account values (3, 3)'))
  })
  expect(await balances()).toEqual([
    { id: 1, balance: 1 },
    { id: 3, balance: 3 },
  ])
  expect(warnings).toEqual([])
})

it('lets several transactions wait for the one connection of a pool', async () => {
  const narrow = createNodePgSession(database.openPool({ max: 1 }))
  const ids = Array.from({ length: 20 }, (_, index) => index)
  await Promise.all(
    ids.map((id) => narrow.transaction((transaction) => transaction.query('insert into account values ($1, 0)', [id]))),
  )
  expect(await balances()).toHaveLength(20)
})

it('fails as a transaction that never began where the pool gives no connection', async () => {
  const narrow = database.openPool({ max: 1, connectionTimeoutMillis: 50 })
  const taken = await narrow.connect()
  let worked = false
  const waiting = createNodePgSession(narrow).transaction(async () => {
    worked = true
  })
  await expect(waiting).rejects.toThrow('timeout exceeded when trying to connect')
  expect(worked).toBe(false)
  taken.release()
})

/** Resolves for all when so many have called it. */
const meeting = (size: number) => {
  let missing = size
  let open = () => {}
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    missing -= 1
    if (missing === 0) open()
    return all
  }
}
