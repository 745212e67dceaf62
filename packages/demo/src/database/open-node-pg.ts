import { classifyError } from '@pgtally/core'
import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'
import type { Driver } from './database.ts'
import { openServer } from './open-server.ts'
import { poolSize } from './pool-size.ts'
import { withSearchPath } from './with-search-path.ts'

export const openNodePg: Driver = async ({ databaseUrl, schema, connectionFailed }) => {
  const server = await openServer(databaseUrl)
  const pool = new Pool({
    connectionString: withSearchPath(server.connectionString, schema),
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    application_name: 'pgtally demo',
  })
  let closing = false
  // A server that stops says so on connections that are closing, after the pool has let go of them.
  pool.on('error', (error) => closing || connectionFailed(classifyError(error).kind))
  return {
    session: createNodePgSession(pool, { poolName: 'shop' }),
    description: server.description,
    keepsData: server.keepsData,
    async close() {
      closing = true
      try {
        await pool.end()
      } finally {
        await server.stop()
      }
    },
    // The first thing that stop() does, before it waits, is to signal the server.
    abandon: () => void server.stop(),
  }
}
