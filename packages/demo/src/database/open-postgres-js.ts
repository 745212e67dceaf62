import { createPostgresJsSession } from '@pgtally/postgres-js'
import postgres from 'postgres'
import type { Driver } from './database.ts'
import { openServer } from './open-server.ts'
import { poolSize } from './pool-size.ts'
import { withSearchPath } from './with-search-path.ts'

export const openPostgresJs: Driver = async ({ databaseUrl, schema }) => {
  const server = await openServer(databaseUrl)
  const sql = postgres(withSearchPath(server.connectionString, schema), {
    max: poolSize,
    connect_timeout: 10,
    connection: { application_name: 'pgtally demo' },
    // Else it prints what the server remarks, in the middle of the table.
    onnotice: () => {},
  })
  return {
    session: createPostgresJsSession(sql, { poolName: 'shop' }),
    description: server.description,
    keepsData: server.keepsData,
    async close() {
      try {
        await sql.end({ timeout: 5 })
      } finally {
        await server.stop()
      }
    },
    abandon: () => void server.stop(),
  }
}
