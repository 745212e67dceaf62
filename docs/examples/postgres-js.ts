// pgtally over postgres.js: tracked functions on a `sql`, transactions with a savepoint, a cursor, a time limit.

// #region service
import { type Session, withQueryTracking, withTransactionTracking } from '@pgtally/core'
import { createPostgresJsSession } from '@pgtally/postgres-js'
import postgres from 'postgres'

interface Account {
  readonly id: number
  readonly balance: number
}

export const findAccount = withQueryTracking(
  async (session: Session, id: number) =>
    (await session.query<Account>('select id, balance from accounts where id = $1', [id])).rows[0],
  { operation: 'find_account', table: 'accounts' },
)

export const transfer = withTransactionTracking(
  async (transaction: Session, from: number, to: number, amount: number) => {
    await transaction.query('update accounts set balance = balance - $2 where id = $1', [from, amount])
    await transaction.query('update accounts set balance = balance + $2 where id = $1', [to, amount])
  },
  { operation: 'transfer', isolationLevel: 'serializable' },
)

export const openDatabase = (connectionString: string) => {
  const sql = postgres(connectionString, { max: 10 })
  return { sql, session: createPostgresJsSession(sql, { poolName: 'bank' }) }
}

// #endregion

// #region savepoint
export const openAccount = withTransactionTracking(
  async (transaction: Session, id: number) => {
    await transaction.query('insert into accounts values ($1, 0)', [id])
    // What fails in here is undone alone.
    await transaction
      .transaction((savepoint) => savepoint.query('insert into greetings values ($1)', [id]))
      .catch(() => {})
  },
  { operation: 'open_account' },
)
// #endregion

// #region stream
export const totalBalance = withQueryTracking(
  async (session: Session, signal: AbortSignal) => {
    let total = 0
    for await (const { balance } of session.stream<Account>('select * from accounts', [], { batchSize: 500, signal })) {
      total += balance
    }
    return total
  },
  { operation: 'total_balance', table: 'accounts' },
)

// #endregion

import { classifyError } from '@pgtally/core'
import { startPostgres } from '@pgtally/throwaway-postgres'

const server = await startPostgres()
const { sql, session } = openDatabase(server.connectionString)
try {
  await session.query(`
    create table accounts (id int primary key, balance int not null check (balance >= 0));
    insert into accounts values (1, 100), (2, 0)`)

  await transfer(session, 1, 2, 30)
  const refused = await transfer(session, 1, 2, 500).catch(classifyError)
  console.log('too large a transfer:', refused)

  await openAccount(session, 3)
  console.log('account 2:', await findAccount(session, 2))
  console.log('account 3:', await findAccount(session, 3))
  console.log('in all accounts:', await totalBalance(session, AbortSignal.timeout(5000)))
} finally {
  await sql.end({ timeout: 5 })
  await server.stop()
}
