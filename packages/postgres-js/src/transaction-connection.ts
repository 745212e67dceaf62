import {
  type DriverResult,
  type DriverStatement,
  type DriverTransaction,
  isConnectionFatal,
  type PendingStatement,
} from '@pgtally/core/adapter'
import { openCursor } from './open-cursor.ts'
import type { PostgresConnection, QuerySource } from './postgres-sql.ts'
import { readResult } from './read-result.ts'
import { startReader } from './row-reader.ts'
import { isSimple, makeQuery, type StartedQuery, startQuery } from './start-query.ts'
import { createStatementLane } from './statement-lane.ts'

/** The connection that `sql.begin` gave its callback. */
export interface TransactionConnection extends DriverTransaction {
  readonly loss: { readonly error: unknown } | undefined
  readonly isDiscarded: boolean
  /** Sends a text of our own, such as COMMIT, when all before it is answered. */
  control(text: string): Promise<DriverResult>
  /** It is gone: nothing is handed to postgres.js any more, which would write to a socket that is not there. */
  lose(error: unknown): void
  /** Has it ended at the end of the transaction, which is still open. */
  endAfterwards(): Promise<void>
  /** Ends it now, if postgres.js shows it: what it then sends is refused by the server, or never arrives. */
  destroy(): void
}

export const createTransactionConnection = (
  source: QuerySource,
  closeSign: unknown,
  lost: (error: unknown) => void,
): TransactionConnection => {
  const lane = createStatementLane()
  let shown: PostgresConnection | undefined
  let loss: { readonly error: unknown } | undefined
  let isGone = false
  let isDiscarded = false
  let cancelling: Promise<void> | undefined

  const watch = {
    running() {},
    connection(connection: PostgresConnection) {
      shown = connection
    },
  }
  const close = (error: unknown) => {
    if (loss !== undefined) return
    loss = { error }
    lane.lose(error)
    lost(error)
  }
  const lose = (error: unknown) => {
    isGone = true
    close(error)
  }
  const failed = (error: unknown) => {
    // A server that still answers has not closed the connection, whatever code it was told to raise.
    if (isConnectionFatal(error) && !isServerError(error)) lose(error)
  }
  const noteCancel = (over: Promise<void> | undefined) => {
    cancelling = over?.then(() => {
      cancelling = undefined
    })
  }

  const send = (statement: DriverStatement): PendingStatement => {
    let started: StartedQuery | undefined
    const run = async () => {
      if (cancelling !== undefined) await cancelling
      if (loss !== undefined) throw loss.error
      started = startQuery(makeQuery(source, statement, watch))
      try {
        return readResult(statement.text, isSimple(statement), await started.answer)
      } catch (error) {
        failed(error)
        throw error
      }
    }
    const turn = lane.enter(run)
    return {
      result: turn.result,
      cancel() {
        if (!turn.leave()) noteCancel(started?.cancel())
      },
      abandon: destroy,
    }
  }

  /** By an empty text, whose connection is shown: postgres.js offers no other way to it. */
  const show = async () => {
    if (shown === undefined && !isGone) {
      await startQuery(makeQuery(source, emptyText, watch)).answer.catch(failed)
    }
    return shown
  }
  const endAfterwards = async () => {
    const connection = await show()
    if (!isGone) connection?.end?.()
  }
  const destroy = () => {
    if (isGone) return
    close(new Error('Connection terminated'))
    void show().then((connection) => {
      // A write that is due would be dropped, and postgres.js would wait for it before it writes again, on the next connection too.
      setImmediate(() => {
        if (!isGone) connection?.terminate?.()
      })
    })
  }

  return {
    get loss() {
      return loss
    },
    get isDiscarded() {
      return isDiscarded
    },
    query: send,
    stream: (statement, batchSize) =>
      openCursor(
        {
          enter(use) {
            const turn = lane.enter(async () => {
              if (cancelling !== undefined) await cancelling
              if (loss !== undefined) throw loss.error
              await use()
            })
            return {
              failed: turn.result.then(() => new Promise<never>(() => {})),
              leave: () => void turn.leave(),
            }
          },
          start(cursor, size) {
            const reader = startReader(source, closeSign, cursor, size, watch)
            reader.started.answer.catch(failed)
            return reader
          },
          restarts: 0,
          cancelling: noteCancel,
          abandon: destroy,
        },
        statement,
        batchSize,
      ),
    discard() {
      isDiscarded = true
    },
    control: (text) => send({ text, values: undefined, name: undefined, singleStatement: false }).result,
    lose,
    endAfterwards,
    destroy,
  }
}

const emptyText: DriverStatement = { text: '', values: undefined, name: undefined, singleStatement: false }

const isServerError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'severity' in error
