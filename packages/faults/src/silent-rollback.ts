import { createTracker, type Session, type TransactionEvent } from '@pgtally/core'
import { exactly, none } from './figure.ts'
import { codeOf, rejectionOf } from './rejection-of.ts'
import type { ServerScenario } from './scenario.ts'

interface Case {
  readonly what: string
  /** What the transaction rejects with; absent where it commits. */
  readonly code?: string
  /** Ids that are stored in the end. */
  readonly stored: readonly number[]
  work(transaction: Session): Promise<unknown>
}

const fail = 'select 1 / 0'
const swallow = (promise: Promise<unknown>) => promise.catch(() => {})
const insert = (on: Session, id: number) => on.query('insert into written values ($1)', [id])
const silent = 'PGTALLY_COMMIT_ROLLED_BACK'

/** Each way in which COMMIT could be answered by ROLLBACK, or be sent by somebody else, and the program not be told. */
const cases: readonly Case[] = [
  {
    what: 'an error that was swallowed, first',
    code: silent,
    stored: [],
    work: (transaction) => swallow(transaction.query(fail)),
  },
  {
    what: 'an error that was swallowed, last',
    code: silent,
    stored: [],
    async work(transaction) {
      await insert(transaction, 1)
      await swallow(transaction.query(fail))
    },
  },
  {
    what: 'an error that was swallowed among statements sent at once',
    code: silent,
    stored: [],
    work: (transaction) =>
      Promise.allSettled([
        insert(transaction, 1),
        transaction.query(fail),
        insert(transaction, 2),
        insert(transaction, 3),
      ]),
  },
  {
    what: 'an error of a statement that nobody awaited',
    code: silent,
    stored: [],
    async work(transaction) {
      await insert(transaction, 1)
      void swallow(transaction.query(fail))
    },
  },
  {
    what: 'an error in a text with several statements',
    code: silent,
    stored: [],
    work: (transaction) =>
      swallow(transaction.query(`insert into written values (1); ${fail}; insert into written values (2)`)),
  },
  {
    what: 'an error of a stream',
    code: silent,
    stored: [],
    async work(transaction) {
      await insert(transaction, 1)
      const rows = transaction.stream('select 1 / (3 - n) from generate_series(1, 5) as n', [], { batchSize: 1 })
      await swallow(readAll(rows))
    },
  },
  {
    what: 'an error that a savepoint undid',
    stored: [1, 3],
    async work(transaction) {
      await insert(transaction, 1)
      await swallow(
        transaction.transaction(async (inner) => {
          await insert(inner, 2)
          await inner.query(fail)
        }),
      )
      await insert(transaction, 3)
    },
  },
  {
    what: 'an error that was swallowed in a savepoint',
    stored: [1, 3],
    async work(transaction) {
      await insert(transaction, 1)
      const inner = transaction.transaction(async (savepoint) => {
        await insert(savepoint, 2)
        await swallow(savepoint.query(fail))
      })
      const rejection = await rejectionOf(inner)
      if (typeof rejection === 'string' || codeOf(rejection.error) !== silent)
        throw new Error('the savepoint did not tell')
      await insert(transaction, 3)
    },
  },
  {
    what: 'an error that was swallowed after a savepoint',
    code: silent,
    stored: [],
    async work(transaction) {
      await transaction.transaction((inner) => insert(inner, 1))
      await swallow(transaction.query(fail))
    },
  },
  {
    what: 'a procedure that commits',
    code: '2D000',
    stored: [],
    async work(transaction) {
      await insert(transaction, 1)
      await transaction.query('call commits()')
    },
  },
  {
    what: 'a DO block that rolls back, swallowed',
    code: silent,
    stored: [],
    async work(transaction) {
      await insert(transaction, 1)
      await swallow(transaction.query('do $$ begin rollback; end $$'))
    },
  },
  ...[
    'rollback',
    'commit',
    'ROLLBACK AND CHAIN',
    '/* a comment */ -- another\n end',
    'abort',
    `insert into written values (9); commit; begin`,
    `select 'a;b'; rollback`,
    `prepare transaction 'x'`,
    'savepoint mine',
  ].map(
    (text): Case => ({
      what: `a text of the user's own: ${text.replaceAll('\n', ' ')}`,
      code: 'PGTALLY_TRANSACTION_CONTROL',
      stored: [],
      async work(transaction) {
        await insert(transaction, 1)
        await transaction.query(text)
      },
    }),
  ),
  {
    what: 'a refused text that was swallowed',
    stored: [1, 2],
    async work(transaction) {
      await insert(transaction, 1)
      await swallow(transaction.query('rollback'))
      await insert(transaction, 2)
    },
  },
]

export const silentRollback: ServerScenario = {
  name: 'silent-rollback',
  title: 'a COMMIT that is a ROLLBACK is told, and no text ends a transaction',
  needs: 'server',
  async run({ server, driver }) {
    await server.clear()
    await server.look(`
      create table written (id int);
      create procedure commits() language plpgsql as $$ begin commit; end $$`)
    const opened = driver.open({ connectionString: server.connectionString, max: 2 })
    const wrong: string[] = []
    for (const one of cases) {
      await server.look('truncate written')
      wrong.push(...(await check(one, opened.session)).map((sentence) => `${one.what}: ${sentence}`))
      const stored = (await server.look<{ id: number }>('select id from written order by id')).map(({ id }) => id)
      if (stored.join() !== one.stored.join()) wrong.push(`${one.what}: stored ${stored.join() || 'nothing'}`)
    }
    const left = opened.leaks()
    await opened.close()
    return [
      exactly('cases', cases.length, 21),
      none('cases that went wrong', wrong),
      none('things not given back', left),
    ]
  },
}

async function check({ code, work }: Case, session: Session): Promise<readonly string[]> {
  const events: TransactionEvent[] = []
  const tracker = createTracker({ observers: [{ transactionEnded: (event) => void events.push(event) }] })
  const rejection = await rejectionOf(tracker.withTransactionTracking(work, { operation: 'silent' })(session))
  const wrong: string[] = []
  const ended = typeof rejection === 'string' ? rejection : `rejected with ${codeOf(rejection.error)}`
  const expected = code === undefined ? 'resolved' : `rejected with ${code}`
  if (ended !== expected) wrong.push(ended)
  const outcome = code === undefined ? 'committed' : 'rolled_back'
  if (events.length !== 1 || events[0]?.outcome !== outcome)
    wrong.push(`events ${events.map((event) => event.outcome)}`)
  if (code === silent && events[0]?.errorKind !== 'commit_rolled_back') wrong.push(`kind ${events[0]?.errorKind}`)
  return wrong
}

async function readAll(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}
