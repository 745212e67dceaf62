import { isConnectionFatal, type TransactionEnd, type TransactionVerdict } from '@pgtally/core/adapter'
import type { ConnectionOwner } from './connection-parts.ts'
import type { PgConnection } from './pg-connection.ts'

/**
 * Resolves to the server's last word on the transaction; rejects only if it never began. `work` must not reject; `lost` is called
 * where the connection is lost while it runs.
 */
export const runTransaction = async (
  connection: PgConnection,
  owner: ConnectionOwner,
  begin: string,
  work: () => Promise<TransactionVerdict>,
  lost: (error: unknown) => void = () => {},
): Promise<TransactionEnd> => {
  try {
    await connection.control(begin)
  } catch (error) {
    owner.discard()
    throw error
  }
  const stop = connection.watch.onLoss(lost)
  const verdict = await work()
  stop()
  const { loss } = connection.watch
  if (verdict === 'abandon' || loss !== undefined) {
    owner.destroy()
    return { outcome: 'rolled_back', ...(verdict === 'commit' && loss !== undefined ? { error: loss.error } : {}) }
  }
  return verdict === 'commit' ? commit(connection, owner) : rollBack(connection, owner)
}

const commit = async (connection: PgConnection, owner: ConnectionOwner): Promise<TransactionEnd> => {
  try {
    const { command } = await connection.control('COMMIT')
    return { outcome: command === 'COMMIT' ? 'committed' : 'rolled_back' }
  } catch (error) {
    // The server refused it, by which the transaction is over: a ROLLBACK would only make it warn.
    if (isRefusal(error)) return { outcome: 'rolled_back', error }
    owner.destroy()
    return { outcome: 'unknown', error }
  }
}

const rollBack = async (connection: PgConnection, owner: ConnectionOwner): Promise<TransactionEnd> => {
  try {
    await connection.control('ROLLBACK')
    return { outcome: 'rolled_back' }
  } catch (rollbackError) {
    owner.destroy()
    return { outcome: 'rolled_back', rollbackError }
  }
}

const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'severity' in error && !isConnectionFatal(error)
