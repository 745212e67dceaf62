/**
 * The part of PGlite that is used, in place of its own types: a `PGlite`, one with extensions and a `PGliteWorker` can be handed
 * over alike.
 */

/** What PGlite answers to one statement. */
export interface PgliteResult {
  readonly rows: unknown[]
  /** First word of the command tag; absent for an empty text. */
  readonly command?: string | undefined
  /** The number at the end of the command tag; absent where it has none. */
  readonly rowCount?: number | undefined
}

/** What statements are sent to: the database, or PGlite's own object for a transaction. */
export interface PgliteStatements {
  /** One statement, by the extended protocol. */
  query(text: string, values?: unknown[]): Promise<PgliteResult>
  /** Any number of statements, by the simple protocol. */
  exec(text: string): Promise<readonly PgliteResult[]>
}

/** A `PGlite` of `@electric-sql/pglite`. */
export interface PgliteDatabase extends PgliteStatements {
  transaction<Result>(work: (transaction: PgliteStatements) => Promise<Result>): Promise<Result>
}
