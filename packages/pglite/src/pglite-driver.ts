import type { SessionDriver } from '@pgtally/core/adapter'
import { openCursor } from './open-cursor.ts'
import type { PgliteDatabase } from './pglite-database.ts'
import { runTransaction } from './run-transaction.ts'
import { sendStatement } from './send-statement.ts'
import { createStatementQueue } from './statement-queue.ts'

/** One backend for all: what is sent while a transaction is open waits for its end. */
export const createPgliteDriver = (db: PgliteDatabase): SessionDriver => {
  const queue = createStatementQueue()
  // Another copy of this module may make cursors in the same database.
  const namePrefix = `pgtally_${Math.random().toString(36).slice(2)}`
  let cursorCount = 0
  const nameCursor = () => `${namePrefix}_${++cursorCount}`
  return {
    capabilities: { concurrentTransactions: false, statementTimeout: false, cancel: false, poolWait: false },
    query: (statement) => sendStatement(db, queue, statement),
    stream: (statement, batchSize) => openCursor(db, queue, statement, batchSize, { name: nameCursor(), held: true }),
    transaction: (options, work) =>
      queue.enter(() =>
        runTransaction(db, options, (transaction) => {
          const inner = createStatementQueue()
          return work({
            query: (statement) => sendStatement(transaction, inner, statement),
            stream: (statement, batchSize) =>
              openCursor(transaction, inner, statement, batchSize, { name: nameCursor(), held: false }),
            discard() {},
          })
        }),
      ).result,
  }
}
