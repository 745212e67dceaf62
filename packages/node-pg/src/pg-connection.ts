import {
  type DriverCursor,
  type DriverResult,
  type DriverStatement,
  isConnectionFatal,
  type PendingStatement,
} from '@pgtally/core/adapter'
import type { ClientWatch } from './client-watch.ts'
import { type ConnectionOwner, type ConnectionParts, streamIsOpen } from './connection-parts.ts'
import type { PgClient, PgQueryConfig } from './pg-client.ts'
import { requestCancel } from './request-cancel.ts'
import { sendStatement } from './send-statement.ts'
import { openServerCursor } from './server-cursor.ts'
import { createStatementLane } from './statement-lane.ts'

/** One client, and all that is sent on it through us. */
export interface PgConnection {
  readonly client: PgClient
  readonly watch: ClientWatch
  query(statement: DriverStatement): PendingStatement
  stream(statement: DriverStatement, batchSize: number): DriverCursor
  /** Sends a text of our own, such as COMMIT, when all before it is answered. */
  control(text: string): Promise<DriverResult>
  /** A cancellation under way, which could hit a later statement; undefined where none is. */
  cancelling(): Promise<void> | undefined
}

export const createPgConnection = (client: PgClient, watch: ClientWatch, owner: ConnectionOwner): PgConnection => {
  let cancelling: Promise<void> | undefined
  const parts: ConnectionParts = {
    client,
    watch,
    lane: createStatementLane(),
    owner,
    streaming: false,
    settled: () => cancelling ?? (owner.exclusive && watch.busy ? watch.whenReady() : undefined),
    cancelRunning() {
      cancelling ??= requestCancel(client, owner.openStream).then((over) => {
        cancelling = undefined
        if (!over) owner.discard()
      })
    },
    failed(error) {
      const fatal = isConnectionFatal(error)
      if (fatal) watch.suspect(error)
      // Without a word of the server's, such as at a read timeout, the statement may still be running.
      const ready = !fatal && (!watch.busy || isServerError(error))
      if (!ready) owner.discard()
      return ready
    },
  }
  return {
    client,
    watch,
    query: (statement) => (parts.streaming ? refuse(streamIsOpen()) : sendStatement(parts, toConfig(statement))),
    stream: (statement, batchSize) => openServerCursor(parts, statement, batchSize),
    control: (text) => sendStatement(parts, { text }).result,
    cancelling: () => cancelling,
  }
}

const isServerError = (error: unknown): boolean => typeof error === 'object' && error !== null && 'severity' in error

const toConfig = ({ text, values, name, singleStatement }: DriverStatement): PgQueryConfig => ({
  text,
  ...(values === undefined ? {} : { values: values as unknown[] }),
  ...(name === undefined ? {} : { name }),
  ...(singleStatement ? { queryMode: 'extended' } : {}),
})

const refuse = (error: unknown): PendingStatement => ({ result: Promise.reject(error), cancel() {}, abandon() {} })
