import { createTallyError } from '@pgtally/core/adapter'
import type { ClientWatch } from './client-watch.ts'
import type { PgClient } from './pg-client.ts'
import type { StatementLane } from './statement-lane.ts'

/** What is done with the client behind a connection. `discard` and `destroy` do nothing to a client that the user gave. */
export interface ConnectionOwner {
  /** It was checked out by us, so nobody else sends anything on it. */
  readonly exclusive: boolean
  /** The user's way to open a socket, where `pg` was given one. */
  readonly openStream: unknown
  /** Its state is not known any more: it must not go back to the pool. */
  discard(): void
  /** Ends it at once, whatever is running. */
  destroy(): void
}

/** What the statements and cursors of one connection share. */
export interface ConnectionParts {
  readonly client: PgClient
  readonly watch: ClientWatch
  readonly lane: StatementLane
  readonly owner: ConnectionOwner
  /** A cursor is open or about to be: a statement that waits for it could wait for ever. */
  streaming: boolean
  /** What must be over before the next statement is sent, or a cancellation could hit it; undefined where nothing is. */
  settled(): Promise<void> | undefined
  /** Cancels on the server what is running. */
  cancelRunning(): void
  /** A statement or cursor failed. Returns whether the server is, or soon will be, ready for the next. */
  failed(error: unknown): boolean
}

export const notSent = (): Error => new DOMException('The statement was cancelled before it was sent.', 'AbortError')

export const streamIsOpen = (): Error =>
  createTallyError(
    'PGTALLY_STREAM_OPEN',
    'A stream is open on this client, and a statement sent now would wait for its end. Read it to the end or leave its loop first, or use a Pool.',
  )
