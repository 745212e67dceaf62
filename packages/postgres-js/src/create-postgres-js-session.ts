import type { Session } from '@pgtally/core'
import { createSession } from '@pgtally/core/adapter'
import { driverOf } from './driver-of.ts'
import type { PostgresSql } from './postgres-sql.ts'

export interface PostgresJsSessionOptions {
  /** Name of the pool in metrics; `host:port/database` if not given, numbered where two pools share it. One per `sql`. */
  readonly poolName?: string
}

/**
 * A Session over the `sql` that `postgres()` of postgres.js 3.4.8 or later returned. It is never ended, and none of its hooks is touched.
 *
 * At most `max` statements, streams and transactions are under way through it at a time; what is more waits, and that is its
 * `poolWaitMs`. There is no time limit on that wait: with `max: 1`, a second top-level transaction that the first one's work
 * awaits never begins. Call `transaction` on the Session that the work is given.
 *
 * @throws `PGTALLY_INVALID_OPTION` for anything else, for an older postgres.js, for the `sql` of a transaction or of `sql.reserve()`, and
 * for a second name for the same `sql`
 */
export const createPostgresJsSession = (sql: PostgresSql, options: PostgresJsSessionOptions = {}): Session =>
  createSession(driverOf(sql, options.poolName))
