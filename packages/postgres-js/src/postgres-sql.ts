/**
 * The part of postgres.js that is used, in place of its own types: users on any 3.4.8 or later, ESM or CommonJS, can hand their `sql`
 * over.
 */

export interface PostgresOptions {
  readonly max: number
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly database: string
}

/** What `postgres()` returns. */
export interface PostgresSql {
  unsafe(...given: never[]): PromiseLike<unknown>
  begin(...given: never[]): Promise<unknown>
  readonly options: PostgresOptions
}

/** The same, with what its functions take: in its own types they are overloaded, and less is said. */
export interface OpenSql extends QuerySource {
  begin(options: string, work: (transaction: QuerySource) => unknown): Promise<unknown>
  /** What a cursor's callback returns to close it. */
  readonly CLOSE: unknown
  readonly options: PostgresOptions
}

/** What statements are made of: the database, or a transaction's own `sql`. */
export interface QuerySource {
  unsafe(text: string, values: readonly unknown[], options: UnsafeOptions): PostgresQuery
}

export interface UnsafeOptions {
  readonly prepare: boolean
  readonly simple: boolean
  /** Called with the connection that a text without values is written to. */
  readonly onexecute?: (connection: PostgresConnection) => true
}

/** A statement that has not been sent before somebody asks for its result. */
export interface PostgresQuery extends Promise<unknown> {
  /** Present once it was written to a connection. */
  readonly state: { readonly pid: number } | null
  /** The server works on it. */
  active: boolean
  strings: readonly string[]
  args: readonly unknown[]
  options: { simple: boolean; prepare: boolean }
  /**
   * Asks for its cancellation; resolves when the server has closed the connection that the request was made on. `cancel()` calls it
   * and drops its promise, so that a request that fails ends the process.
   */
  readonly canceller: ((query: PostgresQuery) => Promise<unknown>) | null
  cursor(rows: number, read: (rows: readonly unknown[]) => unknown): this
}

export interface PostgresConnection {
  /** Ends it as soon as it is idle. */
  end?(): unknown
  /** Ends it at once. */
  terminate?(): unknown
}

export const openSql = (sql: PostgresSql): OpenSql => sql as unknown as OpenSql
