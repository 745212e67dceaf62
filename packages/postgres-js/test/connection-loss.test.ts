import { createTracker, type Session, type TransactionEvent } from '@pgtally/core'
import { startFaultProxy } from '@pgtally/session-contract'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { driverOf } from '../src/driver-of.ts'
import { createPostgresJsSession } from '../src/index.ts'
import { backendOf, openDatabase, type TestDatabase } from './open-database.ts'

/** An error that nobody can catch fails this file. */
let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
  await database.look('create table written (id int)')
})
beforeEach(() => database.look('truncate written'))
afterAll(() => database.close())

const openSession = (options?: Parameters<TestDatabase['openSql']>[0]) => {
  const sql = database.openSql({ max: 1, ...options })
  return { sql, session: createPostgresJsSession(sql), numbers: () => driverOf(sql, undefined).pool?.read() }
}
const works = async (session: Session) => expect((await session.query('select 1 as n')).rows).toEqual([{ n: 1 }])

it('rejects a statement whose backend is ended, and the next one gets a new connection, not the old one’s error', async () => {
  // postgres.js alone rejects the next statement with 57P01.
  const { session, numbers } = openSession()
  for (let round = 0; round < 3; round += 1) {
    const running = session.query('select pg_sleep(60) /* ended */').catch((error) => error)
    await database.kill(await database.running('/* ended */'))
    expect(await running).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) })
    if (round === 0) await works(session)
    else if (round === 1) await session.transaction(works)
    else for await (const row of session.stream('select 1 as n')) expect(row).toEqual({ n: 1 })
    expect(numbers()).toMatchObject({ used: 0, pending: 0 })
  }
})

it('survives a backend that ends while its transaction is idle, and closes the transaction at once', async () => {
  const { session, numbers } = openSession({ max: 2 })
  let late: unknown
  const mine = new Error('mine')
  const rejection = await session
    .transaction(async (transaction) => {
      await transaction.query('insert into written values (1)')
      const pid = await backendOf(transaction)
      await database.kill(pid)
      await vi.waitFor(async () => {
        late = await transaction.query('select 1').catch((error) => error)
        expect(late).toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED' })
      })
      await works(session)
      expect(await transaction.query('insert into written values (2)').catch((error) => error)).toMatchObject({
        code: 'PGTALLY_TRANSACTION_CLOSED',
      })
      throw mine
    })
    .catch((error) => error)
  expect(rejection).toBe(mine)
  expect(await database.look('select * from written')).toEqual([])
  await works(session)
  await vi.waitFor(() => expect(numbers()).toMatchObject({ used: 0 }))
})

it('rejects all statements of the transaction, running and waiting, when it loses its backend', async () => {
  const { session } = openSession()
  let settled: PromiseSettledResult<unknown>[] = []
  const rejection = session
    .transaction(async (transaction) => {
      await transaction.query('insert into written values (1)')
      settled = await Promise.allSettled([
        transaction.query('select pg_sleep($1) /* in transaction */', [60]),
        transaction.query('insert into written values (2)'),
        transaction.transaction((inner) => inner.query('insert into written values (3)')),
      ])
    })
    .catch((error) => error)
  await database.kill(await database.running('/* in transaction */'))
  expect(await rejection).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) })
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(await database.look('select * from written')).toEqual([])
  await works(session)
})

it('survives a loss in a savepoint and while a stream of the transaction is open', async () => {
  const { session } = openSession({ max: 2 })
  const inSavepoint = session.transaction((transaction) =>
    transaction.transaction(async (inner) => {
      await inner.query('insert into written values (1)')
      await database.kill(await backendOf(inner))
      await inner.query('insert into written values (2)')
    }),
  )
  await expect(inSavepoint).rejects.toMatchObject({
    code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET|PGTALLY_TRANSACTION_CLOSED/),
  })
  const inStream = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (1)')
    const text = 'select n, pg_backend_pid() as pid from generate_series(1, 1000) as n'
    for await (const { n, pid } of transaction.stream<{ n: number; pid: number }>(text, [], { batchSize: 10 })) {
      if (n === 15) await database.kill(pid)
    }
  })
  await expect(inStream).rejects.toMatchObject({
    code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET|PGTALLY_TRANSACTION_CLOSED/),
  })
  expect(await database.look('select * from written')).toEqual([])
  await works(session)
})

it('does not commit where work went on without noticing that the connection was lost', async () => {
  const { session } = openSession()
  const rejection = session.transaction(async (transaction) => {
    await transaction.query('insert into written values (1)')
    await database.kill(await backendOf(transaction))
    await transaction.query('select 1').catch(() => {})
  })
  await expect(rejection).rejects.toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) })
  expect(await database.look('select * from written')).toEqual([])
  await works(session)
})

it('reports a transaction that the server ended for being idle, once, as rolled back', async () => {
  const { sql } = openSession({ connection: { idle_in_transaction_session_timeout: 50 } })
  const events: TransactionEvent[] = []
  const tracker = createTracker({ observers: [{ transactionEnded: (event) => void events.push(event) }] })
  const work = tracker.withTransactionTracking(
    async (transaction: Session) => {
      await transaction.query('insert into written values (1)')
      await database.look('select pg_sleep(0.3) /* longer than the limit */')
    },
    { operation: 'idle' },
  )
  await expect(work(createPostgresJsSession(sql))).rejects.toMatchObject({
    code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/),
  })
  expect(events).toMatchObject([{ outcome: 'rolled_back', errorKind: 'connection_lost' }])
  expect(await database.look('select * from written')).toEqual([])
})

it('calls the outcome unknown where the connection is lost in COMMIT', async () => {
  const { session } = openSession()
  await session.query(`
    create table slow_commit (id int);
    create function wait_at_commit() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$;
    create constraint trigger wait after insert on slow_commit deferrable initially deferred
      for each row execute function wait_at_commit()`)
  const events: TransactionEvent[] = []
  const tracker = createTracker({ observers: [{ transactionEnded: (event) => void events.push(event) }] })
  const work = tracker.withTransactionTracking(
    (transaction: Session) => transaction.query('insert into slow_commit values (1)'),
    { operation: 'slow' },
  )
  const rejection = work(session).catch((error) => error)
  await database.kill(await database.running('commit'))
  expect(await rejection).toMatchObject({ code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) })
  expect(events).toMatchObject([{ outcome: 'unknown', errorKind: 'outcome_unknown' }])
  await works(session)
})

it('gets all its connections back after they were lost at once, in use and idle', async () => {
  const { session, numbers } = openSession({ max: 4 })
  for (let round = 0; round < 5; round += 1) {
    const inUse = [
      session.query('select pg_sleep(60) /* all */'),
      session.query('select pg_sleep($1) /* all */', [60]),
      session.transaction((transaction) => transaction.query('select pg_sleep(60) /* all */')),
    ]
    // Sent as soon as one is lost, when the others are still taken for open.
    const again = Promise.allSettled(inUse.map((one) => one.catch(() => session.query('select 1'))))
    await works(session)
    await vi.waitFor(async () => {
      const running = `select 1 from pg_stat_activity where state = 'active' and query like '%/* all */' and pid <> pg_backend_pid()`
      expect(await database.look(running)).toHaveLength(3)
    })
    await database.look(`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where backend_type = 'client backend' and application_name = 'postgres.js'`)
    await again
    // One that never connects again would keep its statement for ever.
    await vi.waitFor(() => Promise.all([1, 2, 3, 4, 5, 6].map(() => works(session))), 5000)
    expect(numbers()).toMatchObject({ used: 0, pending: 0 })
  }
})

it('lets no statement escape from a transaction that lost its connection', async () => {
  const { session } = openSession({ max: 3 })
  const kept: Session[] = []
  for (let round = 0; round < 30; round += 1) {
    const work = session.transaction(async (transaction) => {
      kept.push(transaction)
      await transaction.query('insert into written values (1)')
      await database.kill(await backendOf(transaction))
      if (round % 2 === 0) await transaction.query('select 1').catch(() => {})
    })
    const [ended] = await Promise.allSettled([work])
    await Promise.all([works(session), works(session), works(session)])
    const late = await Promise.allSettled(
      kept.flatMap((one) => [
        one.query('insert into written values (2)'),
        one.transaction((inner) => inner.query('insert into written values (3)')),
      ]),
    )
    expect(late.filter(({ status }) => status === 'fulfilled')).toEqual([])
    expect(ended).toMatchObject({ status: 'rejected' })
  }
  expect(await database.look('select * from written')).toEqual([])
})

it('rejects a transaction that never began, once, and does not call its work', async () => {
  const session = createPostgresJsSession(database.openSql({ max: 1, host: '127.0.0.1', port: 1 }))
  let calls = 0
  const work = session.transaction(async () => {
    calls += 1
  })
  await expect(work).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(calls).toBe(0)
})

it('writes nothing to a connection that was cut with others and is taken for open still: it would never connect again', async () => {
  const { hostname, port } = new URL(database.connectionString)
  const proxy = await startFaultProxy({ host: hostname, port: Number(port) })
  try {
    const { session } = openSession({
      max: 4,
      host: proxy.host,
      port: proxy.port,
      fetch_types: false,
      ...{ backoff: () => 0 },
    })
    for (let round = 0; round < 10; round += 1) {
      await vi.waitFor(() => Promise.all([1, 2, 3, 4, 5, 6].map(() => works(session))), 5000)
      const running = session.query('select pg_sleep(60) /* cut */')
      const again = running.catch(() => Promise.allSettled([1, 2, 3].map(() => session.query('select 1'))))
      await database.running('/* cut */')
      if (round % 2 === 0) proxy.reset()
      else proxy.finish()
      await again
    }
    await vi.waitFor(() => Promise.all([1, 2, 3, 4, 5, 6].map(() => works(session))), 5000)
  } finally {
    await proxy.close()
  }
})
