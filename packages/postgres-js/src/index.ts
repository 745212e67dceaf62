export { createPostgresJsSession, type PostgresJsSessionOptions } from './create-postgres-js-session.ts'
export { observePool } from './observe-pool.ts'
export type { PostgresOptions, PostgresSql } from './postgres-sql.ts'
