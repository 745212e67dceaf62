import type { Session } from '@pgtally/core'
import { createSession } from '@pgtally/core/adapter'
import { driverOf } from './driver-of.ts'
import type { PgClient, PgPool } from './pg-client.ts'

export interface NodePgSessionOptions {
  /** Name of the pool in metrics; `host:port/database` if not given, numbered where two pools share it. One per pool object. */
  readonly poolName?: string
}

/**
 * A Session over a `Pool`, or over a `Client` or `PoolClient`, of `pg` 8.12 or later.
 *
 * On a pool every statement, stream and transaction checks a client out and gives it back; a client is ended rather than given back
 * where its state is not known. The pool's `error` event stays yours: add a listener, or an idle client that fails ends the process.
 * On a client all runs on that one; it is never released or ended, and while a transaction is open on it a second one rejects with
 * `PGTALLY_CLIENT_BUSY`.
 *
 * @throws `PGTALLY_INVALID_OPTION` for anything else, for an older `pg`, and for a second name for the same pool
 */
export const createNodePgSession = (database: PgPool | PgClient, options: NodePgSessionOptions = {}): Session =>
  createSession(driverOf(database, options.poolName))
