/**
 * The part of `pg` that is used, in place of its own types: users on any `pg` 8.12 or later, with or without `@types/pg`, can
 * hand their objects over.
 */

/** What `client.query` is given. */
export interface PgQueryConfig {
  text: string
  values?: unknown[]
  name?: string
  queryMode?: string
}

/** A `Client` or `PoolClient` of `pg`. */
export interface PgClient {
  query(config: PgQueryConfig): unknown
  on(event: 'error' | 'end' | 'drain', listener: (error: Error) => void): unknown
  removeListener(event: 'error' | 'end' | 'drain', listener: (error: Error) => void): unknown
}

/** A client that `pool.connect()` gave out. */
export interface PgPoolClient extends PgClient {
  release(destroy?: boolean): void
}

export interface PgPoolOptions {
  readonly connectionString?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: string | undefined
  readonly max?: number | undefined
}

/** A `Pool` of `pg`, and the client that it gives out: with `@types/pg` its `PoolClient`. */
export interface PgPool<Client = PgPoolClient> {
  connect(): Promise<Client>
  // Not used: types are inferred overload by overload, from the last.
  connect(callback: (...answer: never[]) => void): void
  readonly options: PgPoolOptions
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

/** What every `pg` client has and its types leave out; each is read with care, since a version may lack it. */
export interface PgClientInternals {
  readonly host?: string
  readonly port?: number
  readonly processID?: number | null
  readonly secretKey?: number | null
  /** false while a statement is under way. */
  readonly readyForQuery?: boolean
  readonly connection?: PgWire
  /** `I`, `T`, `E`; null before the first answer. */
  getTransactionStatus?(): string | null
}

/** The protocol layer of a client. */
export interface PgWire {
  readonly ssl?: unknown
  readonly sslNegotiation?: string
  readonly stream: { destroy(): void }
  on(event: 'connect' | 'sslconnect' | 'error' | 'end', listener: () => void): unknown
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processID: number, secretKey: number): void
}

export const internalsOf = (client: PgClient): PgClientInternals => client as PgClient & PgClientInternals
