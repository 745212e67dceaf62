import { boundHarness, describeSessionContract, type OpenHarness, watchPgPool } from '@pgtally/session-contract'
import { type PostgresServer, startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { createNodePgSession } from '../src/index.ts'

for (const major of testMajors()) {
  describe(`PostgreSQL ${major}`, () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres({ major })
    })
    afterAll(() => server.stop())

    const addressOf = (via: { readonly host: string; readonly port: number } | undefined) => {
      const url = new URL(server.connectionString)
      if (via) url.host = `${via.host}:${via.port}`
      return url.href
    }

    const openPool: OpenHarness = async ({ poolSize, via }) => {
      const pool = new Pool({ connectionString: addressOf(via), max: poolSize })
      pool.on('error', () => {})
      const watched = watchPgPool(pool)
      return {
        session: createNodePgSession(pool),
        connectionString: server.connectionString,
        leaks: watched.leaks,
        close: () => pool.end(),
      }
    }

    const openClient: OpenHarness = async ({ via }) => {
      const client = new Client({ connectionString: addressOf(via) })
      client.on('error', () => {})
      await client.connect()
      const session = createNodePgSession(client)
      const listenerCounts = () => client.eventNames().map((name) => [name, client.listenerCount(name)])
      const before = JSON.stringify(listenerCounts())
      return {
        session,
        connectionString: server.connectionString,
        leaks: () =>
          JSON.stringify(listenerCounts()) === before ? [] : ['the client has other listeners than before'],
        close: () => client.end(),
      }
    }

    describeSessionContract('node-pg pool', openPool)
    describeSessionContract('node-pg pool in a tracked call', boundHarness(openPool))
    describeSessionContract('node-pg client', openClient)
  })
}
