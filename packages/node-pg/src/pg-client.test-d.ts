import type { Client, ClientBase, Pool, PoolClient } from 'pg'
import { createNodePgSession } from './create-node-pg-session.ts'
import { nodePgTransaction } from './node-pg-transaction.ts'
import { observePool } from './observe-pool.ts'
import type { PgPool } from './pg-client.ts'

declare const pool: Pool
declare const client: Client
declare const clientBase: ClientBase
declare const poolClient: PoolClient

createNodePgSession(pool, { poolName: 'main' })
createNodePgSession(client)
createNodePgSession(clientBase)
createNodePgSession(poolClient)
observePool(pool)

export const samePool: PgPool<PoolClient> = pool

export const rows: Promise<number[]> = nodePgTransaction(pool, async (transaction) => {
  const result = await transaction.query<{ id: number }>('select 1 as id')
  return result.rows.map(({ id }) => id)
})
export const helper: Promise<string> = nodePgTransaction(pool, async (transaction: PoolClient) => String(transaction), {
  isolationLevel: 'serializable',
})

// @ts-expect-error: a client has no numbers
observePool(client)
// @ts-expect-error: nothing to begin on
nodePgTransaction(client, async () => 1)
// @ts-expect-error: no such level
nodePgTransaction(pool, async () => 1, { isolationLevel: 'chaos' })
// @ts-expect-error: no such option
createNodePgSession(pool, { name: 'main' })
// @ts-expect-error: no pool and no client
createNodePgSession({})
