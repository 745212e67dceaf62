import type { Session } from '@pgtally/core'

export interface HarnessOptions {
  /** How many connections the session's pool may hold. A session over one client or an embedded database has one anyway. */
  readonly poolSize: number
  /** Where to connect to in place of the server: a proxy in front of it. */
  readonly via?: { readonly host: string; readonly port: number }
}

/** A session of the adapter under test, and what the laws need beside it. Everything in it belongs to one test. */
export interface SessionHarness {
  readonly session: Session
  /** Of the server itself, for connections that the session knows nothing of. Absent where there is no server. */
  readonly connectionString?: string
  /** Reads the database behind the session's back. Needed only where there is no `connectionString`: then on the raw handle. */
  verify?(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /**
   * What the adapter has not given back, or has changed on the user's own objects, one sentence for each thing: a client that is
   * checked out, a listener that was not there at the start, another parser, a pool that was ended. Empty if nothing. Asked for
   * when no call is under way.
   */
  leaks(): readonly string[]
  /** Ends what was opened. */
  close(): Promise<void>
}

/**
 * Opens a session that no other test uses. The harness is the adapter's user: where a driver demands an `error` listener on a
 * pool or a client, it is here that one is added.
 */
export type OpenHarness = (options: HarnessOptions) => Promise<SessionHarness>

/** What is behind the session: a server that more connections can be made to, an embedded database, or nothing at all (a fake). */
export type HarnessDatabase = 'server' | 'embedded' | 'none'
