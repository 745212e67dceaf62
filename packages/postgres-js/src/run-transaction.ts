import { isConnectionFatal, type TransactionEnd, type TransactionVerdict } from '@pgtally/core/adapter'
import type { OpenSql } from './postgres-sql.ts'
import { createTransactionConnection, type TransactionConnection } from './transaction-connection.ts'

/**
 * A transaction by `sql.begin`, whose callback gets a connection and never settles: COMMIT and ROLLBACK are ours. postgres.js would
 * send its own when the callback settles, also on a connection that is gone, by which the process ends; it takes an error that
 * was healed by a savepoint for the end of the transaction; and it does not tell what COMMIT was answered by. It takes a connection
 * back when the server says that no transaction is open on it.
 *
 * Resolves to the server's last word; rejects only if the transaction never began. `work` must not reject. `over` is called when the
 * connection is postgres.js's again.
 */
export const runTransaction = (
  sql: OpenSql,
  begin: string,
  work: (connection: TransactionConnection) => Promise<TransactionVerdict>,
  lost: (error: unknown) => void,
  over: () => void,
): Promise<TransactionEnd> =>
  new Promise((resolve, reject) => {
    let connection: TransactionConnection | undefined
    const begun = sql.begin(begin, (transaction) => {
      const opened = createTransactionConnection(transaction, sql.CLOSE, lost)
      connection = opened
      work(opened)
        .then((verdict) => finish(opened, verdict))
        .then((end) => {
          if (end.isReturned) over()
          resolve(end.end)
        }, reject)
      return new Promise(() => {})
    })
    begun.catch((error) => {
      over()
      if (connection === undefined) reject(error)
      else connection.lose(error)
    })
  })

interface Finished {
  readonly end: TransactionEnd
  /** postgres.js has the connection back; else it will tell when it has lost it. */
  readonly isReturned: boolean
}

const finish = async (connection: TransactionConnection, verdict: TransactionVerdict): Promise<Finished> => {
  if (connection.isDiscarded && connection.loss === undefined) await connection.endAfterwards()
  const { loss } = connection
  if (verdict !== 'abandon' && loss === undefined)
    return verdict === 'commit' ? commit(connection) : rollBack(connection)
  connection.destroy()
  return {
    end: { outcome: 'rolled_back', ...(verdict === 'commit' && loss !== undefined ? { error: loss.error } : {}) },
    isReturned: false,
  }
}

const commit = async (connection: TransactionConnection): Promise<Finished> => {
  try {
    const { command } = await connection.control('commit')
    if (command === 'COMMIT') return { end: { outcome: 'committed' }, isReturned: true }
    return { end: { outcome: 'rolled_back' }, isReturned: true }
  } catch (error) {
    // The server refused it, by which the transaction is over: a ROLLBACK would only make it warn.
    if (isRefusal(error)) return { end: { outcome: 'rolled_back', error }, isReturned: true }
    connection.destroy()
    return { end: { outcome: 'unknown', error }, isReturned: false }
  }
}

const rollBack = async (connection: TransactionConnection): Promise<Finished> => {
  try {
    await connection.control('rollback')
    return { end: { outcome: 'rolled_back' }, isReturned: true }
  } catch (rollbackError) {
    connection.destroy()
    return { end: { outcome: 'rolled_back', rollbackError }, isReturned: false }
  }
}

const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'severity' in error && !isConnectionFatal(error)
