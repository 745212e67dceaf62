// Transactions through PgBouncer, and what is heard of one whose backend dies.
import { strict as assert } from 'node:assert'
import { tracking, withTransactionTracking } from '../../packages/core/src/index.ts'
import { clients, described, each, fitting, freshTable, keptRows, killedIn, rejection, single } from './trial.mjs'

/** A transaction that is cut off where `cut` says; resolves to its error and its event. */
const lostTransaction = async (open, cut) => {
  const session = open(fitting)
  const work = withTransactionTracking(
    async (transaction) => {
      await transaction.query('insert into kept values (1)')
      await cut(transaction)
    },
    { operation: 'lost' },
  )
  let event
  const stop = tracking.observe({
    transactionEnded(ended) {
      event = ended
    },
  })
  const error = await rejection(work(session))
  stop()
  assert.equal(event.error, error)
  assert.equal(await single(session, 'select 1'), 1)
  return `${event.outcome}, ${described(error)}`
}

export const transactionChecks = [
  {
    name: 'transactions: options, savepoints, rollback',
    expected: 'works',
    async run({ open, direct }) {
      await freshTable(direct)
      const session = open(fitting)
      await each(clients, (index) =>
        session.transaction(
          async (transaction) => {
            assert.equal(await single(transaction, 'show transaction_isolation'), 'repeatable read')
            await transaction.query('insert into kept values ($1)', [index])
            const undone = transaction.transaction(async (savepoint) => {
              await savepoint.query('insert into kept values (-1)')
              await savepoint.query('select 1 / 0')
            })
            assert.equal((await rejection(undone)).code, '22012')
            await transaction.transaction((savepoint) => savepoint.query('insert into kept values ($1)', [index]))
          },
          { isolationLevel: 'repeatable read' },
        ),
      )
      const reason = new Error('no')
      const refused = session.transaction(async (transaction) => {
        await transaction.query('insert into kept values (-2)')
        throw reason
      })
      assert.equal(await rejection(refused), reason)
      const readOnly = session.transaction((transaction) => transaction.query('insert into kept values (-3)'), {
        readOnly: true,
      })
      assert.equal((await rejection(readOnly)).code, '25006')
      assert.equal(await keptRows(direct), 2 * clients)
      assert.equal(await single(session, 'show transaction_isolation'), 'read committed')
    },
  },
  {
    name: 'a swallowed error is no commit',
    expected: 'works',
    async run({ open }) {
      const careless = open(fitting).transaction((transaction) => transaction.query('select 1 / 0').catch(() => {}))
      const error = await rejection(careless)
      assert.equal(error.code, 'PGTALLY_COMMIT_ROLLED_BACK')
      assert.equal(error.cause.code, '22012')
    },
  },
  {
    name: 'the backend is killed in a transaction',
    expected: ({ isPg }) => `rolled_back, ${killedIn(isPg)}`,
    async run({ open, direct }) {
      await freshTable(direct)
      const kill = 'select pg_terminate_backend(pg_backend_pid())'
      const found = await lostTransaction(open, (transaction) => transaction.query(kill))
      assert.equal(await keptRows(direct), 0)
      return found
    },
  },
  {
    name: 'the backend is killed during COMMIT',
    expected: ({ isPg }) => `unknown, ${killedIn(isPg)}`,
    async run({ open, direct }) {
      await freshTable(direct)
      await direct.query(`
        create or replace function die() returns trigger language plpgsql
          as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
        create constraint trigger die after insert on kept deferrable initially deferred for each row execute function die()`)
      const found = await lostTransaction(open, async () => {})
      assert.equal(await keptRows(direct), 0)
      return found
    },
  },
]
