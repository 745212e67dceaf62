import { registerPool, type SessionDriver } from '@pgtally/core/adapter'
import type { PostgresJsSessionOptions } from './create-postgres-js-session.ts'
import { driverOf } from './driver-of.ts'
import type { PostgresSql } from './postgres-sql.ts'

/**
 * Publishes the numbers of what goes through pgtally (used, waiting, limit) before the first tracked call does. They are read when
 * metrics are collected; nothing is added to the `sql`.
 *
 * @throws `PGTALLY_INVALID_OPTION` as `createPostgresJsSession` does
 */
export const observePool = (sql: PostgresSql, options: PostgresJsSessionOptions = {}): void => {
  const { pool } = driverOf(sql, options.poolName) as SessionDriver & Required<Pick<SessionDriver, 'pool'>>
  registerPool(pool)
}
