// pgtally over `pg`: tracked functions on a Pool, transactions, helpers that keep their `PoolClient`, a cursor, a time limit.

// #region service
import { classifyError, type Session, withQueryTracking, withTransactionTracking } from '@pgtally/core'
import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

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
  const pool = new Pool({ connectionString, max: 10, connectionTimeoutMillis: 5000 })
  pool.on('error', (error) => console.error('idle client failed:', classifyError(error).kind))
  return { pool, session: createNodePgSession(pool, { poolName: 'bank' }) }
}

// #endregion

// #region pool-client
import { nodePgTransaction } from '@pgtally/node-pg'
import type { PoolClient } from 'pg'

const addEntry = (client: PoolClient, accountId: number, amount: number) =>
  client.query('insert into entries (account_id, amount) values ($1, $2)', [accountId, amount])

export const deposit = withTransactionTracking(
  async (client: PoolClient, accountId: number, amount: number) => {
    await addEntry(client, accountId, amount)
    await client.query('update accounts set balance = balance + $2 where id = $1', [accountId, amount])
  },
  {
    operation: 'deposit',
    transact: (pool: Pool, work) => nodePgTransaction(pool, work, { isolationLevel: 'repeatable read' }),
  },
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

import { startPostgres } from '@pgtally/throwaway-postgres'

const server = await startPostgres()
const { pool, session } = openDatabase(server.connectionString)
try {
  await session.query(`
    create table accounts (id int primary key, balance int not null check (balance >= 0));
    create table entries (account_id int references accounts (id), amount int not null);
    insert into accounts values (1, 100), (2, 0)`)

  await transfer(session, 1, 2, 30)
  const refused = await transfer(session, 1, 2, 500).catch(classifyError)
  console.log('too large a transfer:', refused)

  await deposit(pool, 2, 5)
  console.log('account 2:', await findAccount(session, 2))
  console.log('in all accounts:', await totalBalance(session, AbortSignal.timeout(5000)))
} finally {
  await pool.end()
  await server.stop()
}
