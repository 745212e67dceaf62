import { PGlite } from '@electric-sql/pglite'
import { classifyError, createTracker, type QueryEvent, type Session, type TransactionEvent } from '@pgtally/core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createPgliteSession, type PgliteDatabase, type PgliteStatements } from '../src/index.ts'

let db: PGlite
let session: Session
const notices: (string | undefined)[] = []
/** What PGlite was handed, and what it answered or threw. */
const sent: string[] = []
const answers: unknown[] = []

/** The same database, with somebody who listens. */
const listenTo = (target: PgliteStatements): PgliteStatements => {
  const keep = async <Answer>(text: string, answer: Promise<Answer>): Promise<Answer> => {
    sent.push(text)
    try {
      answers.push(await answer)
    } catch (error) {
      answers.push(error)
    }
    return answer
  }
  return {
    query: (text, values) => keep(text, target.query(text, values)),
    exec: (text) => keep(text, target.exec(text)),
  }
}

beforeAll(async () => {
  db = await PGlite.create()
  const execProtocolStream = db.execProtocolStream.bind(db)
  db.execProtocolStream = (message, options) =>
    execProtocolStream(message, { ...options, onNotice: (notice) => notices.push(notice.message) })
  const listening: PgliteDatabase = {
    ...listenTo(db),
    transaction: (work) => db.transaction((transaction) => work(listenTo(transaction))),
  }
  session = createPgliteSession(listening)
})
beforeEach(async () => {
  await db.exec('drop table if exists item; create table item (id int unique deferrable initially deferred)')
  for (const list of [notices, sent, answers]) list.length = 0
})
afterAll(async () => {
  if (!db.closed) await db.close()
})

const items = async () => (await db.query<{ id: number }>('select id from item order by id')).rows.map(({ id }) => id)
const openCursors = async () => (await db.query(`select name from pg_cursors where name <> ''`)).rows

it('says what one backend in this process can not do', () => {
  expect(session.capabilities).toEqual({
    concurrentTransactions: false,
    statementTimeout: false,
    cancel: false,
    poolWait: false,
  })
})

it('gives the rows and the error objects of PGlite, the very same', async () => {
  const { rows } = await session.query('select $1::int as n, $2::jsonb as j, $3::int8 as b', [7, { a: 1 }, 2n ** 60n])
  expect(rows).toEqual([{ n: 7, j: { a: 1 }, b: 2n ** 60n }])
  expect((answers[0] as { rows: unknown }).rows).toBe(rows)
  const error = await session.query('select 1 / 0').catch((thrown) => thrown)
  expect(classifyError(error)).toMatchObject({ kind: 'data_exception', sqlState: '22012' })
  expect(answers.at(-1)).toBe(error)
})

it('counts what the command tags say: changed rows without rows, none for DDL', async () => {
  const events: QueryEvent[] = []
  const tracker = createTracker({ observers: [{ queryEnded: (event) => void events.push(event) }] })
  const run = tracker.withQueryTracking((bound: Session, text: string) => bound.query(text), { operation: 'run' })
  const text = 'insert into item values (1), (2); update item set id = id + 10; create table other ()'
  expect(await run(session, text)).toEqual({ rows: [], rowCount: undefined, command: 'CREATE' })
  expect(events[0]).toMatchObject({ statementCount: 3, rowCount: 4 })
  await run(session, 'drop table other')
  expect(events[1]).toMatchObject({ statementCount: 1 })
  expect(events[1]).not.toHaveProperty('rowCount')
  await run(session, 'merge into item using (values (11)) as new (id) on item.id = new.id when matched then delete')
  expect(events[2]).toMatchObject({ statementCount: 1, rowCount: 1 })
})

it('runs a named statement like any other, and lets the server refuse a second one in it', async () => {
  const named = { name: 'plus_one' }
  expect((await session.query('select $1::int + 1 as n', [1], named)).rows).toEqual([{ n: 2 }])
  await expect(session.query('select 1; select 2', undefined, named)).rejects.toMatchObject({ code: '42601' })
})

it('makes the server warn of nothing, however a transaction ends', async () => {
  const insert = (transaction: Session) => transaction.query('insert into item values (1)')
  await session.transaction(insert, { isolationLevel: 'serializable', readOnly: false })
  await expect(session.transaction((transaction) => transaction.query('select 1 / 0'))).rejects.toMatchObject({
    code: '22012',
  })
  await expect(
    session.transaction((transaction) => transaction.query('select 1 / 0').catch(() => {})),
  ).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK' })
  await expect(session.transaction(insert)).rejects.toMatchObject({ code: '23505' })
  await expect(
    session.transaction(
      (transaction) => transaction.query('select * from item', [], {}).then(() => insert(transaction)),
      {
        readOnly: true,
      },
    ),
  ).rejects.toMatchObject({ code: '25006' })
  expect(notices).toEqual([])
  await db.exec('rollback')
  expect(notices).toEqual(['there is no transaction in progress'])
  expect(db.isInTransaction()).toBe(false)
  expect(await items()).toEqual([1])
})

it('lets a statement beside an open transaction, and a second transaction, wait for its end', async () => {
  const course: string[] = []
  const beside: Promise<unknown>[] = []
  await session.transaction(async (transaction) => {
    beside.push(session.query('select id from item').then(({ rows }) => course.push(`saw ${rows.length}`)))
    beside.push(session.transaction(async () => course.push('second')))
    beside.push(
      createPgliteSession(db)
        .query('select 1')
        .then(() => course.push('another session')),
    )
    for (const id of [1, 2, 3]) await transaction.query('insert into item values ($1)', [id])
    course.push('first')
  })
  await Promise.all(beside)
  expect(course[0]).toBe('first')
  expect(course.toSorted()).toEqual(['another session', 'first', 'saw 3', 'second'])
})

it('takes a waiting statement back when its signal is aborted: inside an open transaction that is what ends the wait', async () => {
  const reason = new Error('enough')
  await session.transaction(async (transaction) => {
    const controller = new AbortController()
    const { signal } = controller
    const waiting = [
      session.query('insert into item values (1)', undefined, { signal }),
      session.stream('insert into item values (2) returning id', [], { signal })[Symbol.asyncIterator]().next(),
    ]
    const settled = Promise.allSettled(waiting)
    controller.abort(reason)
    expect((await settled).map((one) => (one.status === 'rejected' ? one.reason : one))).toEqual([reason, reason])
    await transaction.query('insert into item values (3)')
  })
  await session.query('insert into item values (4)')
  expect(await items()).toEqual([3, 4])
})

it('takes a waiting statement of a transaction back too, and the transaction goes on', async () => {
  const reason = new Error('enough')
  await session.transaction(async (transaction) => {
    const controller = new AbortController()
    const first = transaction.query('insert into item values (1)')
    const second = transaction.query('insert into item values (2)', undefined, { signal: controller.signal })
    const third = transaction.query('insert into item values (3)')
    controller.abort(reason)
    await expect(second).rejects.toBe(reason)
    await Promise.all([first, third])
  })
  expect(await items()).toEqual([1, 3])
})

it('does not share its queue with PGlite’s own users, and waits for their transactions', async () => {
  let inserted: Promise<unknown> | undefined
  await db.transaction(async (transaction) => {
    inserted = session.query('insert into item values (1)')
    await transaction.query('insert into item select count(*) + 10 from item')
  })
  await inserted
  expect(await items()).toEqual([1, 10])
})

it('produces no more of a stream in a transaction than is read', async () => {
  await session.query('create sequence produced')
  await session.transaction(async (transaction) => {
    const rows = transaction.stream(`select nextval('produced') from generate_series(1, 100000)`, [], { batchSize: 10 })
    let read = 0
    for await (const _row of rows) if (++read === 25) break
    expect((await transaction.query('select last_value from produced')).rows).toEqual([{ last_value: 30 }])
    expect((await transaction.query(`select from pg_cursors where name <> ''`)).rows).toEqual([])
  })
})

it('fetches a stream outside a transaction batch by batch, and keeps nobody out meanwhile', async () => {
  const seen: number[] = []
  for await (const { n } of session.stream<{ n: number }>('select n from generate_series(1, 100) n', [], {
    batchSize: 4,
  })) {
    seen.push(n)
    await session.query('insert into item values ($1)', [n])
    await session.transaction((transaction) => transaction.query('update item set id = id + 100 where id = $1', [n]))
    if (n === 6) break
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6])
  expect(sent.filter((text) => text.startsWith('fetch'))).toHaveLength(2)
  expect(await items()).toEqual([101, 102, 103, 104, 105, 106])
  expect(await openCursors()).toEqual([])
})

it('leaves the loop of a stream inside a transaction that the stream does not belong to', async () => {
  const rows = session.stream<{ n: number }>('select n from generate_series(1, 10) n')[Symbol.asyncIterator]()
  await rows.next()
  await session.transaction(async (transaction) => {
    await rows.return?.()
    await transaction.query('insert into item values (1)')
  })
  expect(await openCursors()).toEqual([])
})

it.each([
  ['insert into item values (1), (2), (3) returning id', [{ id: 1 }, { id: 2 }, { id: 3 }]],
  ['with added as (insert into item values (1) returning id) select id from added', [{ id: 1 }]],
  ['select 1 as id for update', [{ id: 1 }]],
  ['show server_version_num', [{ server_version_num: expect.any(String) }]],
  ['create table streamed (); drop table streamed', expect.objectContaining({ code: '42601' })],
  ['do $$ begin end $$', []],
  ['', []],
])('streams what no cursor takes: %s', async (text, expected) => {
  const read = async (from: Session) => {
    const rows: unknown[] = []
    for await (const row of from.stream(text, [], { batchSize: 2 })) rows.push(row)
    return rows
  }
  expect(await read(session).catch((error) => error)).toEqual(expected)
  await db.exec('truncate item')
  expect(await session.transaction(read).catch((error) => error)).toEqual(expected)
})

it('reports how a transaction ended, with the time it was held open', async () => {
  const events: TransactionEvent[] = []
  const tracker = createTracker({ observers: [{ transactionEnded: (event) => void events.push(event) }] })
  const add = tracker.withTransactionTracking(
    async (transaction: Session, id: number) => {
      await transaction.query('insert into item values ($1)', [id])
      await transaction.transaction((inner) => inner.query('select 1 / 0')).catch(() => {})
    },
    { operation: 'add', isolationLevel: 'serializable' },
  )
  await add(session, 1)
  expect(events.map(({ outcome, depth, statementCount }) => ({ outcome, depth, statementCount }))).toEqual([
    { outcome: 'committed', depth: 0, statementCount: 2 },
  ])
})

it('rejects with PGlite’s own error once it is closed, and classifies it', async () => {
  await db.close()
  const calls: string[] = []
  const errors = [
    await session.query('select 1').catch((error) => error),
    await session.transaction(async () => calls.push('work')).catch((error) => error),
    await session
      .stream('select 1')
      [Symbol.asyncIterator]()
      .next()
      .catch((error) => error),
  ]
  expect(errors.map((error) => classifyError(error).kind)).toEqual(['pool_closed', 'pool_closed', 'pool_closed'])
  expect(errors[0].message).toBe('PGlite is closed')
  expect(calls).toEqual([])
})
