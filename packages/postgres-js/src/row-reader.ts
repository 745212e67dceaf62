import { type DriverStatement, splitStatements } from '@pgtally/core/adapter'
import type { QuerySource } from './postgres-sql.ts'
import { withoutHoles } from './read-result.ts'
import { makeQuery, type QueryWatch, type StartedQuery, startQuery } from './start-query.ts'

/** A cursor that was sent, on a connection that is its own until `over`. */
export interface RowReader {
  readonly started: StartedQuery
  /** The next rows; empty at the end. */
  next(): Promise<readonly unknown[]>
  /** Resolves when the cursor is closed or lost. */
  close(): Promise<void>
}

interface Waiter {
  resolve(rows: readonly unknown[]): void
  reject(error: unknown): void
}

/** A text without a statement has no cursor, and postgres.js would wait for its end for ever. */
export const hasNoStatement = (text: string): boolean => splitStatements(text).length === 0

/**
 * By the callback form of postgres.js's cursor: where the connection is lost between two batches, its iterator ends as if there were
 * no more rows.
 */
export const startReader = (
  source: QuerySource,
  closeSign: unknown,
  statement: DriverStatement,
  batchSize: number,
  watch: QueryWatch,
): RowReader => {
  let waiter: Waiter | undefined
  let arrived: unknown[] | undefined
  /** Lets the server go on, or closes the cursor. Not to be called once the answer has settled: it would write to a connection that is gone. */
  let goOn: ((sign?: unknown) => void) | undefined
  let end: { readonly error?: unknown } | undefined
  let closing = false

  const give = (rows: unknown[]) => {
    if (waiter === undefined) arrived = rows
    else waiter.resolve(rows)
    waiter = undefined
  }
  const read = (batch: readonly unknown[]): unknown => {
    if (closing) return closeSign
    const rows = withoutHoles(batch)
    if (rows.length > 0) give(rows)
    return new Promise((resolve) => {
      goOn = resolve
    })
  }
  const finish = (ended: { readonly error?: unknown }) => {
    end = ended
    goOn = undefined
    if (waiter === undefined) return
    if ('error' in ended) waiter.reject(ended.error)
    else waiter.resolve([])
    waiter = undefined
  }

  const started = startQuery(makeQuery(source, statement, watch).cursor(batchSize, read))
  const over = started.answer.then(
    () => finish({}),
    (error) => finish({ error }),
  )
  const proceed = (sign?: unknown) => {
    const resume = goOn
    goOn = undefined
    resume?.(sign)
  }

  return {
    started,
    next() {
      const rows = arrived
      arrived = undefined
      if (rows !== undefined) return Promise.resolve(rows)
      if (end !== undefined) return 'error' in end ? Promise.reject(end.error) : Promise.resolve([])
      return new Promise((resolve, reject) => {
        waiter = { resolve, reject }
        proceed()
      })
    },
    close() {
      closing = true
      proceed(closeSign)
      return over
    },
  }
}
