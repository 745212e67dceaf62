// What became of a transaction: an outcome in doubt, retries, time held open, statements beside it, signals and streams in it.

import { strict as assert } from 'node:assert'
import { Socket } from 'node:net'
import { withQueryTracking } from '@pgtally/core'
import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

/** Loses the connection when the server has answered a COMMIT, once. */
const cut = { next: false }
class FragileSocket extends Socket {
  override push(chunk: Buffer | null): boolean {
    if (!cut.next || !chunk?.includes('COMMIT')) return super.push(chunk)
    cut.next = false
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }))
    return false
  }
}

const pool = new Pool({ stream: () => new FragileSocket(), max: 4 })
pool.on('error', () => {})
const session = createNodePgSession(pool)
await session.query(`
  create table accounts (id int primary key, balance int not null);
  create table payments (key text primary key);
  create table orders (id int primary key, state text not null);
  create table audit (line text not null);
  insert into accounts values (1, 100), (2, 0);
  insert into orders values (1, 'new'), (2, 'new')`)

// #region pay
import { type Session, withTransactionTracking } from '@pgtally/core'

interface Payment {
  readonly key: string
  readonly from: number
  readonly to: number
  readonly amount: number
}

export const pay = withTransactionTracking(
  async (transaction: Session, { key, from, to, amount }: Payment) => {
    const claim = await transaction.query('insert into payments values ($1) on conflict do nothing', [key])
    if (claim.rowCount === 0) return 'paid before'
    await transaction.query('update accounts set balance = balance - $2 where id = $1', [from, amount])
    await transaction.query('update accounts set balance = balance + $2 where id = $1', [to, amount])
    return 'paid now'
  },
  { operation: 'pay', isolationLevel: 'serializable' },
)

// #endregion

// #region in-doubt
import { tracking } from '@pgtally/core'

const inDoubt = new WeakSet<object>()

tracking.observe({
  only: 'slow-or-failed',
  transactionEnded({ outcome, error }) {
    if (outcome === 'unknown' && typeof error === 'object' && error !== null) inDoubt.add(error)
  },
})

// #endregion

// #region retry
import { classifyError } from '@pgtally/core'

export const payPatiently = async (payment: Payment, attempts = 5): Promise<string> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await pay(session, payment)
    } catch (error) {
      const isSafe = !inDoubt.has(error as object) && classifyError(error).retryable
      if (!isSafe || attempt === attempts) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt))
    }
  }
}
// #endregion

// #region look
export const payOnce = async (payment: Payment): Promise<string> => {
  try {
    return await payPatiently(payment)
  } catch (error) {
    if (!inDoubt.has(error as object)) throw error
    // The claim of the same key waits for a COMMIT that is still under way, and then sees what it left.
    return payPatiently(payment)
  }
}
// #endregion

await Promise.all(['a', 'b', 'c', 'd'].map((key) => payOnce({ key, from: 1, to: 2, amount: 5 })))
cut.next = true
const heard = await payOnce({ key: 'e', from: 1, to: 2, amount: 5 })
assert.equal(heard, 'paid before')
console.log('whose answer was lost:', heard)

// #region idle
tracking.configure({ idleTransactionWarningMs: 50 })

tracking.observe({
  transactionIdle({ operation, idleMs, idleAfter }) {
    console.warn(`${operation} holds its locks, idle for ${idleMs.toFixed(0)} ms after ${idleAfter ?? 'no query'}`)
  },
  transactionEnded({ operation, outcome, longestIdleMs = 0, longestIdleAfter }) {
    if (longestIdleMs < 50) return
    console.warn(
      `${operation} ${outcome}, idle for ${longestIdleMs.toFixed(0)} ms after ${longestIdleAfter ?? 'no query'}`,
    )
  },
})
// #endregion

const lockOrder = withQueryTracking(
  async (transaction: Session, id: number) => {
    await transaction.query('select from orders where id = $1 for update', [id])
  },
  { operation: 'lock_order', table: 'orders' },
)
const printLabel = withTransactionTracking(
  async (transaction: Session, id: number) => {
    await lockOrder(transaction, id)
    await new Promise((resolve) => setTimeout(resolve, 80))
  },
  { operation: 'print_label' },
)
await printLabel(session, 1)

// #region savepoint
export const payAll = withTransactionTracking(
  async (transaction: Session, payments: readonly Payment[]) => {
    const failed: string[] = []
    for (const { key, from, amount } of payments) {
      try {
        await transaction.transaction(async (savepoint) => {
          await savepoint.query('insert into payments values ($1)', [key])
          await savepoint.query('update accounts set balance = balance - $2 where id = $1', [from, amount])
        })
      } catch (error) {
        if (classifyError(error).kind !== 'unique_violation') throw error
        failed.push(key)
      }
    }
    return failed
  },
  { operation: 'pay_all' },
)
// #endregion
const again = { from: 2, to: 1, amount: 1 }
console.log(
  'paid before:',
  await payAll(session, [
    { key: 'a', ...again },
    { key: 'f', ...again },
  ]),
)

// #region beside
const audit = withQueryTracking(
  async (database: Session, line: string) => {
    await database.query('insert into audit values ($1)', [line])
  },
  { operation: 'audit', table: 'audit' },
)

export const ship = withTransactionTracking(
  async (transaction: Session, id: number) => {
    await transaction.query(`update orders set state = 'shipped' where id = $1`, [id])
    await audit(session, `order ${id} was shipped`) // Not `transaction`: this line stays, whatever becomes of the order.
  },
  { operation: 'ship' },
)

tracking.configure({ asyncContext: true })
tracking.observe({
  transactionEnded({ operation, foreignStatementCount = 0, foreignOperations }) {
    if (foreignStatementCount > 0) console.warn(`${operation}: outside its transaction ran ${foreignOperations}`)
  },
})
// #endregion
await ship(session, 1)

// #region signal
export const closeOrders = withTransactionTracking(
  async (transaction: Session, signal: AbortSignal) => {
    await transaction.query(`update orders set state = 'closed' where state = 'shipped'`, [], { signal })
    await transaction.query('select pg_sleep(10)', [], { signal })
  },
  { operation: 'close_orders', expectedErrors: ['aborted'] },
)
// #endregion
await closeOrders(session, AbortSignal.timeout(60)).catch((error) => console.log('aborted by:', error.name))

// #region stream
export const cancelNewOrders = withTransactionTracking(
  async (transaction: Session) => {
    const ids: number[] = []
    const stream = transaction.stream<{ id: number; state: string }>('select id, state from orders order by id')
    for await (const { id, state } of stream) {
      if (state === 'new') ids.push(id) // A statement here would be refused: the stream is open.
    }
    await transaction.query(`update orders set state = 'cancelled' where id = any($1)`, [ids])
  },
  { operation: 'cancel_new_orders' },
)
// #endregion
await cancelNewOrders(session)

const { rows } = await session.query<{ id: number; state: string }>('select id, state from orders order by id')
console.log('orders:', rows)
const accounts = await session.query('select id, balance from accounts order by id')
assert.deepEqual(accounts.rows, [
  { id: 1, balance: 75 },
  { id: 2, balance: 24 },
])
console.table(tracking.snapshot(), ['operation', 'calls', 'errors', 'expectedErrors'])
await pool.end()
