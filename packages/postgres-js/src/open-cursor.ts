import type { DriverCursor, DriverStatement } from '@pgtally/core/adapter'
import { notSent } from './not-sent.ts'
import { hasNoStatement, type RowReader } from './row-reader.ts'
import { isStaleError } from './stale-error.ts'

/** Where a cursor gets a connection for itself. */
export interface CursorHost {
  /** Calls `use` when the connection is there, which is the cursor's until what it returned has settled. */
  enter(use: () => Promise<void>): { readonly failed: Promise<never>; leave(): void }
  start(statement: DriverStatement, batchSize: number): RowReader
  /** How often a statement that was not sent may be started again. */
  readonly restarts: number
  /** A request to cancel is under way. */
  cancelling(over: Promise<void>): void
  abandon(): void
}

/** A cursor whose statement is sent at the first `next`. */
export const openCursor = (host: CursorHost, statement: DriverStatement, batchSize: number): DriverCursor => {
  let opening: Promise<void> | undefined
  let reader: RowReader | undefined
  let closing: Promise<void> | undefined
  let abandoned = false
  let restarts = 0
  let leave = () => {}
  let freeConnection = () => {}

  const open = () =>
    new Promise<void>((resolve, reject) => {
      const admission = host.enter(() => {
        const freed = new Promise<void>((free) => {
          freeConnection = free
        })
        if (closing === undefined) {
          reader = host.start(statement, batchSize)
          resolve()
        } else {
          reject(notSent())
          freeConnection()
        }
        return freed
      })
      leave = admission.leave
      admission.failed.catch(reject)
    })

  const close = async () => {
    if (reader === undefined) leave()
    await opening?.catch(() => {})
    await reader?.close()
    freeConnection()
  }

  return {
    async next() {
      if (closing !== undefined || hasNoStatement(statement.text)) return []
      opening ??= open()
      await opening
      for (;;) {
        const current = reader as RowReader
        try {
          return await current.next()
        } catch (error) {
          restarts += 1
          if (closing !== undefined || current.started.wasSent() || restarts > host.restarts || !isStaleError(error)) {
            throw error
          }
          reader = host.start(statement, batchSize)
        }
      }
    },
    close() {
      if (closing === undefined) {
        const closed = close()
        // Its server did not answer in time: nobody waits for it.
        closing = abandoned ? Promise.resolve() : closed
      }
      return closing
    },
    cancel() {
      if (reader === undefined) return leave()
      const over = reader.started.cancel()
      if (over !== undefined) host.cancelling(over)
    },
    abandon() {
      abandoned = true
      host.abandon()
    },
  }
}
