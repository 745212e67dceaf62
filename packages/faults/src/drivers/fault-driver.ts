import type { Session } from '@pgtally/core'

export interface OpenOptions {
  readonly connectionString: string
  /** How many connections at most. */
  readonly max: number
  /** Where to connect to in place of the server: a proxy in front of it. */
  readonly via?: { readonly host: string; readonly port: number }
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  /** Settings of the server, for each connection. */
  readonly settings?: Readonly<Record<string, string>>
  /** For opening a connection; where the driver limits the wait for one of the pool by the same number, for that too. */
  readonly connectTimeoutMs?: number
  /** Between attempts to connect, where the driver waits for longer by itself [its own rule]. */
  readonly reconnectDelayMs?: number
}

export interface OpenedSession {
  readonly session: Session
  /** What was not given back, or was changed on the driver's own objects, one sentence each. Asked for when no call is under way. */
  leaks(): readonly string[]
  close(): Promise<void>
}

/** A driver under test, used as its docs say: the harness adds the listeners that are its user's duty. */
export interface FaultDriver {
  readonly name: 'node-pg' | 'postgres-js'
  /** It rejects where no connection of its pool gets free in time. */
  readonly limitsPoolWait: boolean
  /** The error that the server ends an idle connection with reaches the caller. */
  readonly passesLastWord: boolean
  open(options: OpenOptions): OpenedSession
  /** A transaction by the bare driver, which inserts, lets `meanwhile` run and inserts again: what pgtally guards against. */
  openBare(
    connectionString: string,
  ): (texts: readonly [string, string], meanwhile: () => Promise<void>) => Promise<void>
}

/** Name of all connections under test, as the server sees it. */
export const applicationName = 'pgtally faults'

export const addressOf = ({ connectionString, via, ...changed }: OpenOptions): string => {
  const url = new URL(connectionString)
  if (via !== undefined) url.host = `${via.host}:${via.port}`
  if (changed.host !== undefined) url.hostname = changed.host
  if (changed.port !== undefined) url.port = String(changed.port)
  if (changed.user !== undefined) url.username = changed.user
  if (changed.password !== undefined) url.password = changed.password
  if (changed.database !== undefined) url.pathname = `/${changed.database}`
  return url.href
}
