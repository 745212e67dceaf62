// Getting started: two tracked functions, a tracked transaction, an observer, the report.

// #region functions
import { type Session, withQueryTracking, withTransactionTracking } from '@pgtally/core'

interface User {
  readonly id: number
  readonly email: string
}

export const findUser = withQueryTracking(
  async (session: Session, id: number) =>
    (await session.query<User>('select id, email from users where id = $1', [id])).rows[0],
  { operation: 'find_user', table: 'users' },
)

export const addUser = withQueryTracking(
  async (session: Session, email: string) =>
    (await session.query<User>('insert into users (email) values ($1) returning id, email', [email])).rows[0],
  { operation: 'add_user', table: 'users', expectedErrors: ['unique_violation'] },
)
// #endregion

// #region transaction
export const moveEmail = withTransactionTracking(
  async (transaction: Session, from: number, to: number) => {
    const user = await findUser(transaction, from)
    await transaction.query('delete from users where id = $1', [from])
    await transaction.query('update users set email = $2 where id = $1', [to, user?.email])
  },
  { operation: 'move_email' },
)

// #endregion

// #region main
import { classifyError, configureTracking, tracking } from '@pgtally/core'
import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

configureTracking({ service: 'accounts', slowQueryThresholdMs: 200 })

const pool = new Pool()
pool.on('error', (error) => console.error('idle client failed', classifyError(error).kind))
const session = createNodePgSession(pool)
// #endregion

// #region observer
tracking.observe({
  only: 'slow-or-failed',
  queryEnded({ operation, outcome, errorKind, durationMs }) {
    console.warn(operation, outcome, errorKind ?? 'slow', `${durationMs.toFixed(1)} ms`)
  },
  transactionEnded({ operation, outcome, rollbackReason, durationMs }) {
    console.warn(operation, outcome, rollbackReason ?? 'slow', `${durationMs.toFixed(1)} ms`)
  },
})
// #endregion

await session.query('create table users (id int generated always as identity primary key, email text unique not null)')

// #region calls
const ada = await addUser(session, 'ada@example.com')
const bob = await addUser(session, 'bob@example.com')
await addUser(session, 'ada@example.com').catch((error) => console.log('refused:', classifyError(error)))

if (ada && bob) await moveEmail(session, ada.id, bob.id)
console.log(await findUser(session, 2))
// #endregion

// #region report
console.table(tracking.snapshot(), ['operation', 'kind', 'calls', 'expectedErrors', 'slow'])
// #endregion

await pool.end()
