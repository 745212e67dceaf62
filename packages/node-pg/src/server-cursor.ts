import type { DriverCursor, DriverStatement } from '@pgtally/core/adapter'
import type Cursor from 'pg-cursor'
import type { ClientWatch } from './client-watch.ts'
import { type ConnectionParts, notSent, streamIsOpen } from './connection-parts.ts'
import { type CursorReader, createCursorReader } from './cursor-reader.ts'
import { internalsOf } from './pg-client.ts'

/** A cursor on one connection, which nothing else can use from its first `next` to its `close`. */
export const openServerCursor = (
  parts: ConnectionParts,
  { text, values }: DriverStatement,
  batchSize: number,
): DriverCursor => {
  const { client, watch, lane, owner } = parts
  let opening: Promise<CursorReader> | undefined
  let closing: Promise<void> | undefined
  /** Gives its turn up; absent once it was sent. */
  let withdraw: (() => void) | undefined
  /** Ends its turn; absent before and after it. */
  let leave: (() => void) | undefined
  let reading = false
  /** The server works on it, not on a statement that the user sent on the same client. */
  let running = false
  let failure: { readonly ready: boolean } | undefined
  let abandoned = false

  const send = (reader: CursorReader) => {
    withdraw = undefined
    reader.cursor.on('error', (error) => {
      failure ??= { ready: parts.failed(error) }
    })
    running = internalsOf(client).readyForQuery !== false
    watch.sent()
    client.query(reader.cursor as never)
  }

  const open = (): Promise<CursorReader> => {
    if (parts.streaming) return Promise.reject(streamIsOpen())
    parts.streaming = true
    return new Promise((resolve, reject) => {
      const run = async () => {
        watch.hold()
        try {
          const settled = parts.settled()
          if (settled !== undefined) await settled
          if (withdraw === undefined) return
          const reader = createCursorReader(text, values)
          send(reader)
          const closed = new Promise<void>((over) => {
            leave = over
          })
          resolve(reader)
          await closed
        } catch (error) {
          reject(error)
        } finally {
          withdraw = undefined
          parts.streaming = false
          watch.letGo()
        }
      }
      withdraw = () => {
        withdraw = undefined
        if (lane.leave(run)) parts.streaming = false
        reject(notSent())
      }
      lane.enter(run)
    })
  }

  const close = async () => {
    const reader = await opening?.catch(() => undefined)
    if (reader === undefined) return
    // After an error pg-cursor waits for an answer that has come already, or never will.
    if (failure === undefined) await closeCursor(reader.cursor, watch)
    else if (failure.ready && owner.exclusive) await watch.whenReady()
    leave?.()
    if (watch.loss !== undefined) throw watch.loss.error
  }

  return {
    async next() {
      if (closing !== undefined) return []
      reading = true
      try {
        opening ??= open()
        const reader = await opening
        const rows = await reader.read(batchSize)
        running = true
        return rows
      } finally {
        reading = false
      }
    },
    close() {
      if (closing === undefined) {
        withdraw?.()
        const closed = close()
        // Its server did not answer in time, and a client that the user gave is not destroyed: nobody waits for it.
        closing = abandoned && !owner.exclusive ? Promise.resolve() : closed
        closed.catch(() => {})
      }
      return closing
    },
    cancel() {
      if (withdraw !== undefined) withdraw()
      else if (reading && running) parts.cancelRunning()
    },
    abandon() {
      abandoned = true
      owner.destroy()
    },
  }
}

const closeCursor = async (cursor: Cursor, watch: ClientWatch): Promise<void> => {
  let stop = () => {}
  const lost = new Promise<void>((resolve) => {
    stop = watch.onLoss(() => resolve())
  })
  await Promise.race([cursor.close(), lost])
  stop()
}
