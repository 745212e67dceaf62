import { createTracker, type Session, type TransactionEvent } from '@pgtally/core'
import { discardConnection } from '@pgtally/core/adapter'
import type { Sql } from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { driverOf } from '../src/driver-of.ts'
import { createPostgresJsSession } from '../src/index.ts'
import { backendOf, openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
let sql: Sql
let session: Session
const warnings: unknown[] = []

beforeAll(async () => {
  database = await openDatabase()
  sql = database.openSql({ max: 2, onnotice: ({ message }) => warnings.push(message) })
  session = createPostgresJsSession(sql)
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
const insert = (on: Session, id: number) => on.query('insert into account values ($1, $2)', [id, id])
const nothingIsLeft = async () => {
  expect(driverOf(sql, undefined).pool?.read()).toMatchObject({ used: 0, pending: 0 })
  expect(await database.look(`select 1 from pg_stat_activity where state like 'idle in transaction%'`)).toEqual([])
  expect(warnings).toEqual([])
}

it('commits what work did, and gives back the connection', async () => {
  const result = await session.transaction(async (transaction) => {
    await insert(transaction, 1)
    expect(await balances()).toEqual([])
    return ['done']
  })
  expect(result).toEqual(['done'])
  expect(await balances()).toEqual([{ id: 1, balance: 1 }])
  await nothingIsLeft()
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
  const readOnly = createPostgresJsSession(
    database.openSql({ max: 1, connection: { default_transaction_read_only: true } }),
  )
  await expect(readOnly.transaction((transaction) => insert(transaction, 1))).rejects.toMatchObject({ code: '25006' })
  await readOnly.transaction((transaction) => insert(transaction, 1), { readOnly: false })
  expect(await balances()).toEqual([{ id: 1, balance: 1 }])
})

const swallowing: readonly (readonly [string, (transaction: Session) => Promise<unknown>])[] = [
  ['one statement', (transaction) => insert(transaction, 1).catch(() => {})],
  ['one that was not awaited', async (transaction) => void insert(transaction, 1).catch(() => {})],
  [
    'one of several at once',
    (transaction) => Promise.allSettled([insert(transaction, 2), insert(transaction, 1), insert(transaction, 3)]),
  ],
  [
    'one of a text with several',
    (transaction) =>
      transaction.query('insert into account values (4, 4); insert into account values (1, 1)').catch(() => {}),
  ],
  [
    'a stream',
    async (transaction) => {
      try {
        for await (const row of transaction.stream('insert into account values (1, 1) returning id')) {
          expect.unreachable(String(row))
        }
      } catch {}
    },
  ],
  [
    'a statement that was cancelled',
    async (transaction) => {
      const controller = new AbortController()
      const sleeping = transaction.query('select pg_sleep(60) /* cancelled */', undefined, {
        signal: controller.signal,
      })
      await database.running('/* cancelled */')
      controller.abort()
      await sleeping.catch(() => {})
    },
  ],
]

it.each(swallowing)('rejects where the error of %s was swallowed, and nothing was committed', async (_what, fail) => {
  const events: TransactionEvent[] = []
  const tracker = createTracker({ observers: [{ transactionEnded: (event) => void events.push(event) }] })
  const work = tracker.withTransactionTracking(
    async (transaction: Session) => {
      await insert(transaction, 1)
      await fail(transaction)
    },
    { operation: 'swallow' },
  )
  await expect(work(session)).rejects.toMatchObject({
    code: 'PGTALLY_COMMIT_ROLLED_BACK',
    cause: { code: expect.stringMatching(/23505|57014/) },
  })
  expect(events).toMatchObject([{ outcome: 'rolled_back', rollbackReason: 'commit_rolled_back' }])
  expect(await balances()).toEqual([])
  await nothingIsLeft()
})

it.each(swallowing)('commits where a savepoint undid %s', async (_what, fail) => {
  await session.transaction(async (transaction) => {
    await insert(transaction, 1)
    const savepoint = transaction.transaction(async (inner) => {
      await insert(inner, 9)
      await fail(inner)
    })
    await expect(savepoint).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK' })
    await insert(transaction, 5)
  })
  expect(await balances()).toEqual([
    { id: 1, balance: 1 },
    { id: 5, balance: 5 },
  ])
  await nothingIsLeft()
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
  expect(await database.look('select 1 from pg_stat_activity where pid = $1', [backend])).toHaveLength(1)
  await nothingIsLeft()
})

it('rejects with 40001 where COMMIT itself fails to serialize', async () => {
  await session.query('insert into account values (1, 1), (2, 1)')
  let arrived = 0
  let allArrived = () => {}
  const bothHaveWritten = new Promise<void>((resolve) => {
    allArrived = resolve
  })
  const withdraw = (from: number) =>
    session.transaction(
      async (transaction) => {
        await transaction.query('select sum(balance) from account')
        await transaction.query('update account set balance = 0 where id = $1', [from])
        arrived += 1
        if (arrived === 2) allArrived()
        await bothHaveWritten
      },
      { isolationLevel: 'serializable' },
    )
  const settled = await Promise.allSettled([withdraw(1), withdraw(2)])
  expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '40001' } })
  await nothingIsLeft()
})

it('rejects with an error that its server raised under the code of a lost connection, and rolls back', async () => {
  const raise = `do $$ begin raise exception 'x' using errcode = '08006'; end $$`
  const work = session.transaction(async (transaction) => {
    await insert(transaction, 1)
    await transaction.query(raise).catch(() => {})
    await insert(transaction, 2)
  })
  await expect(work).rejects.toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED' })
  expect(await balances()).toEqual([])
  expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  await expect.poll(() => driverOf(sql, undefined).pool?.read()).toMatchObject({ used: 0 })
  await nothingIsLeft()
})

it('takes no notice of what the user does with the same sql meanwhile', async () => {
  await Promise.all([
    session.transaction(async (transaction) => {
      await insert(transaction, 1)
      await sql.begin(async (own) => {
        await own`insert into account values (2, 2)`
        await own.savepoint((inner) => inner`insert into account values (3, 3)`)
      })
      await insert(transaction, 4)
    }),
    sql`select 1`,
  ])
  await expect(
    sql.begin(async (own) => {
      await own`insert into account values (5, 5)`
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect((await balances()).map(({ id }) => id)).toEqual([1, 2, 3, 4])
  await nothingIsLeft()
})

it('ends a connection that is to be discarded, after COMMIT as after ROLLBACK, also without a statement', async () => {
  const single = database.openSql({ max: 1 })
  const one = createPostgresJsSession(single)
  for (const end of ['commit', 'rollback', 'nothing']) {
    const pid = await backendOf(one)
    await one
      .transaction(async (transaction) => {
        discardConnection(transaction)
        if (end === 'nothing') return
        await insert(transaction, 1)
        if (end === 'rollback') throw new Error('mine')
      })
      .catch(() => {})
    await one.query('delete from account')
    expect(await backendOf(one)).not.toBe(pid)
  }
})

it('lets transactions wait for the one connection, in the order in which they were asked for', async () => {
  const one = createPostgresJsSession(database.openSql({ max: 1 }))
  const order: number[] = []
  await Promise.all(
    [1, 2, 3, 4].map((id) =>
      one.transaction(async (transaction) => {
        order.push(id)
        await insert(transaction, id)
      }),
    ),
  )
  expect(order).toEqual([1, 2, 3, 4])
  expect(await balances()).toHaveLength(4)
})

it('refuses transaction control and late use as every Session does', async () => {
  let kept: Session | undefined
  await session.transaction(async (transaction) => {
    kept = transaction
    await expect(transaction.query('commit')).rejects.toMatchObject({ code: 'PGTALLY_TRANSACTION_CONTROL' })
  })
  await expect(kept?.query('select 1')).rejects.toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED' })
})

it('lets sql.end wait for an open transaction, which commits', async () => {
  const ending = database.openSql({ max: 1 })
  let ended: Promise<void> | undefined
  await createPostgresJsSession(ending).transaction(async (transaction) => {
    await insert(transaction, 1)
    ended = ending.end()
    await transaction.query('select pg_sleep(0.05)')
    await insert(transaction, 2)
  })
  await ended
  expect(await balances()).toHaveLength(2)
  await expect(createPostgresJsSession(ending).query('select 1')).rejects.toMatchObject({ code: 'CONNECTION_ENDED' })
  await expect(createPostgresJsSession(ending).transaction(async () => 1)).rejects.toMatchObject({
    code: 'CONNECTION_ENDED',
  })
})
