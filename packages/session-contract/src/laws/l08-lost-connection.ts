import assert from 'node:assert/strict'
import type { Session } from '@pgtally/core'
import { backendPid } from '../backend-pid.ts'
import { pollUntil } from '../poll-until.ts'
import { rejection, rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'
import { watchTransaction } from '../watch-transaction.ts'

export const closesOnLoss: SessionLaw = {
  number: 'L8',
  title: 'a transaction that lost its connection is closed: later statements are refused and reach no other connection',
  needs: 'server',
  async check({ session, createTable, countRows, killBackend }) {
    const table = await createTable('id int')
    const mine = new Error('mine')
    const { rejection: rejected, events } = await watchTransaction(session, async (transaction) => {
      const pid = await backendPid(transaction)
      await transaction.query(`insert into ${table} values (1)`)
      await killBackend(pid)
      await rejection(transaction.query(`insert into ${table} values (2)`), 'a statement on a dead connection')
      // The pool has a new connection by now, for a statement that escapes to arrive on.
      if (session.capabilities.concurrentTransactions) await session.query('select 1')
      await assertClosed(transaction, `insert into ${table} values (3)`)
      throw mine
    })
    assert.equal(rejected?.reason, mine)
    assert.equal(await countRows(table), 0)
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['rolled_back'],
    )
  },
}

export const swallowedLossRejects: SessionLaw = {
  number: 'L8',
  title: 'a transaction whose work swallowed the loss of its connection rejects, as rolled back',
  needs: 'server',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    const { rejection: rejected, events } = await watchTransaction(session, async (transaction) => {
      await transaction.query(`insert into ${table} values (1)`)
      await rejection(transaction.query('select pg_terminate_backend(pg_backend_pid())'), 'a statement that was killed')
      await assertClosed(transaction, `insert into ${table} values (2)`)
    })
    assert.ok(rejected, 'transaction resolved, and its connection was lost')
    assert.equal(await countRows(table), 0)
    assert.deepEqual(
      events.map(({ outcome }) => outcome),
      ['rolled_back'],
    )
  },
}

export const recoversFromLoss: SessionLaw = {
  number: 'L8',
  title: 'after a lost connection the session gets another one and holds none, or fails where it has but one client',
  needs: 'server',
  poolSize: 1,
  async check({ session, killBackend, leaks }) {
    await rejection(
      session.transaction(async (transaction) => {
        await killBackend(await backendPid(transaction))
        await transaction.query('select 1')
      }),
      'a transaction that lost its connection',
    )
    // An adapter may listen to a dying client until its end.
    await pollUntil('nothing is held', async () => leaks().length === 0)
    if (!session.capabilities.concurrentTransactions) {
      await rejection(session.query('select 1'), 'a statement on a dead client')
      let calls = 0
      const work = session.transaction(async () => {
        calls += 1
      })
      await rejection(work, 'a transaction on a dead client')
      assert.equal(calls, 0)
      return
    }
    await rejection(session.query('select pg_terminate_backend(pg_backend_pid())'), 'a statement that was killed')
    await session.transaction((transaction) => transaction.query('select 1'))
    await pollUntil('nothing is held', async () => leaks().length === 0)
  },
}

async function assertClosed(transaction: Session, text: string): Promise<void> {
  const code = 'PGTALLY_TRANSACTION_CLOSED'
  await rejectionWithCode(transaction.query(text), code)
  await rejectionWithCode(
    transaction.transaction((inner) => inner.query(text)),
    code,
  )
}
