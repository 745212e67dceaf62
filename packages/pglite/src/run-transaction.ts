import {
  createTallyError,
  isConnectionFatal,
  type TransactionEnd,
  type TransactionOptions,
  type TransactionVerdict,
} from '@pgtally/core/adapter'
import type { PgliteDatabase, PgliteStatements } from './pglite-database.ts'
import { transactionModes } from './transaction-modes.ts'

/** Thrown inside PGlite's transaction: makes it roll back. */
const rollBack = Symbol('roll back')

/**
 * A transaction by PGlite's own `transaction`, which keeps everybody else out, but takes no options and does not tell what COMMIT
 * was answered by.
 *
 * Resolves to the last word on it; rejects only if it never began.
 */
export const runTransaction = async (
  db: PgliteDatabase,
  options: TransactionOptions,
  work: (transaction: PgliteStatements) => Promise<TransactionVerdict>,
): Promise<TransactionEnd> => {
  const modes = transactionModes(options)
  let verdict: TransactionVerdict | undefined
  let end = { outcome: 'rolled_back' } as TransactionEnd
  try {
    await db.transaction(async (transaction) => {
      // The same as on BEGIN, which PGlite has sent: nothing has come between.
      if (modes !== '') await transaction.exec(`SET TRANSACTION ${modes}`)
      verdict = await work(transaction)
      if (verdict !== 'commit') throw rollBack
      end = await commit(transaction)
      if (end.outcome === 'unknown') throw rollBack
    })
  } catch (error) {
    if (verdict === undefined) throw error
    if (error === rollBack) return end
    if (end.outcome === 'committed') return { outcome: 'unknown', error }
    if (verdict === 'rollback') return { outcome: 'rolled_back', rollbackError: error }
  }
  return end
}

/** PGlite always ends with a COMMIT or ROLLBACK of its own: a new transaction, which nothing runs in, is left for that to end. */
const commit = async (transaction: PgliteStatements): Promise<TransactionEnd> => {
  try {
    const [answer] = await transaction.exec('COMMIT AND CHAIN')
    if (answer?.command === 'COMMIT') return { outcome: 'committed' }
    if (answer?.command === 'ROLLBACK') return { outcome: 'rolled_back' }
    return { outcome: 'unknown', error: noTag() }
  } catch (error) {
    if (!isRefusal(error)) return { outcome: 'unknown', error }
    // The server has ended it, and PGlite's ROLLBACK would only make it warn.
    await transaction.exec('BEGIN').catch(() => {})
    return { outcome: 'rolled_back', error }
  }
}

const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'severity' in error && !isConnectionFatal(error)

const noTag = () =>
  createTallyError(
    'PGTALLY_INVALID_OPTION',
    'This PGlite does not tell how COMMIT was answered: install 0.5.14 or later.',
  )
