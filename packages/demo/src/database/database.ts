import type { Session } from '@pgtally/core'

/** A database that the demo may fill. */
export interface OpenDatabase {
  readonly session: Session
  /** What it is, in a few words and without its address: `PostgreSQL 18`. */
  readonly description: string
  /** Whether the database outlives the demo, so that what was made in it must be dropped. */
  readonly keepsData: boolean
  /** Closes all connections; a server that was started for the demo is gone afterwards. */
  close(): Promise<void>
  /** For a process that ends within this turn of the event loop: whatever can be ended at once, is. */
  abandon(): void
}

export interface DatabaseOptions {
  /** A database of the user's own; a throw-away one if not given. */
  readonly databaseUrl?: string
  /** Where unqualified names lead. */
  readonly schema: string
  /** Told, as an error kind, of a connection that failed while nothing used it. */
  readonly connectionFailed: (kind: string) => void
}

/** One per driver: the rest of the demo knows Sessions only. */
export type Driver = (options: DatabaseOptions) => Promise<OpenDatabase>
