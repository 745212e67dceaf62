// Tracked transactions: options, nesting, errors, retries, time held open, other databases.

import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

const pool = new Pool()
pool.on('error', (error) => console.error('idle client failed', classifyError(error).kind))
const session = createNodePgSession(pool)
await session.query(`
  create table accounts (id int primary key, balance int not null);
  create table entries (account_id int references accounts (id), note text not null unique);
  insert into accounts values (1, 100), (2, 0)`)

// #region transfer
import { type Session, withTransactionTracking } from '@pgtally/core'

export class NotEnough extends Error {}

export const transfer = withTransactionTracking(
  async (transaction: Session, from: number, to: number, amount: number) => {
    const { rows } = await transaction.query<{ balance: number }>(
      'update accounts set balance = balance - $2 where id = $1 returning balance',
      [from, amount],
    )
    if ((rows[0]?.balance ?? 0) < 0) throw new NotEnough()
    await transaction.query('update accounts set balance = balance + $2 where id = $1', [to, amount])
  },
  { operation: 'transfer', isolationLevel: 'serializable', expectedErrors: [(error) => error instanceof NotEnough] },
)
// #endregion

// #region call
await transfer(session, 1, 2, 30)
await transfer(session, 1, 2, 500).catch((error) => console.log(error instanceof NotEnough))
// #endregion

// #region savepoint
export const addNote = withTransactionTracking(
  async (transaction: Session, accountId: number, note: string) => {
    await transaction.query('insert into entries (account_id, note) values ($1, $2)', [accountId, note])
  },
  { operation: 'add_note', expectedErrors: ['unique_violation'] },
)

export const addNotes = withTransactionTracking(
  async (transaction: Session, accountId: number, notes: readonly string[]) => {
    let added = 0
    for (const note of notes) {
      // On a transaction's Session it is a savepoint: what failed is undone alone.
      await addNote(transaction, accountId, note).then(
        () => added++,
        () => {},
      )
    }
    return added
  },
  { operation: 'add_notes' },
)
// #endregion
console.log(await addNotes(session, 1, ['rent', 'rent', 'food']), 'notes were added')

// #region swallowed
export const addCarelessly = withTransactionTracking(
  async (transaction: Session, accountId: number, note: string) => {
    await transaction.query('insert into entries (account_id, note) values ($1, $2)', [accountId, note]).catch(() => {})
  },
  { operation: 'add_carelessly' },
)

await addCarelessly(session, 1, 'rent').catch(({ code, cause }) => console.log(code, classifyError(cause).kind))

// #endregion

// #region retry
import { classifyError } from '@pgtally/core'

export const transferPatiently = async (from: number, to: number, amount: number, attempts = 3): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transfer(session, from, to, amount)
    } catch (error) {
      if (attempt === attempts || !classifyError(error).retryable) throw error
    }
  }
}
// #endregion
await Promise.all(Array.from({ length: 4 }, () => transferPatiently(1, 2, 1, 20)))

// #region events
import { tracking } from '@pgtally/core'

tracking.configure({ idleTransactionWarningMs: 20 })
tracking.observe({
  transactionEnded({ operation, outcome, durationMs, idleMs, longestIdleAfter }) {
    if (idleMs !== undefined && idleMs > durationMs / 2) {
      console.warn(`${operation} ${outcome}: idle most of its time, longest after ${longestIdleAfter ?? 'no query'}`)
    }
  },
  transactionIdle: ({ operation, idleAfter }) => console.warn(`${operation} is idle, after ${idleAfter ?? 'no query'}`),
})

// #endregion

// #region idle
import { withQueryTracking } from '@pgtally/core'

const lockAccount = withQueryTracking(
  async (transaction: Session, id: number) => {
    await transaction.query('select from accounts where id = $1 for update', [id])
  },
  { operation: 'lock_account', table: 'accounts' },
)

export const checkout = withTransactionTracking(
  async (transaction: Session, id: number, pay: () => Promise<void>) => {
    await lockAccount(transaction, id)
    await pay() // The account stays locked meanwhile: better outside.
  },
  { operation: 'checkout' },
)
// #endregion
const pay = () => new Promise<void>((resolve) => setTimeout(resolve, 80))
await checkout(session, 1, pay)

// #region other-database
import { nodePgTransaction } from '@pgtally/node-pg'
import type { PoolClient } from 'pg'

export const closeAccount = withTransactionTracking(
  async (client: PoolClient, id: number) => {
    await client.query('delete from entries where account_id = $1', [id])
    await client.query('delete from accounts where id = $1', [id])
  },
  { operation: 'close_account', transact: nodePgTransaction },
)
// #endregion
await closeAccount(pool, 1)

console.table(tracking.snapshot(), ['operation', 'calls', 'errors', 'expectedErrors'])
await pool.end()
