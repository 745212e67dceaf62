export { createNodePgSession, type NodePgSessionOptions } from './create-node-pg-session.ts'
export { type NodePgTransaction, nodePgTransaction } from './node-pg-transaction.ts'
export { type ObservePoolOptions, observePool } from './observe-pool.ts'
export type { PgClient, PgPool, PgPoolClient, PgPoolOptions, PgQueryConfig } from './pg-client.ts'
