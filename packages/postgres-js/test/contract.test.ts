import { boundHarness, describeSessionContract, type OpenHarness } from '@pgtally/session-contract'
import { type PostgresServer, startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import postgres from 'postgres'
import { afterAll, beforeAll, describe } from 'vitest'
import { createPostgresJsSession } from '../src/index.ts'
import { watchSql } from './watch-sql.ts'

for (const major of testMajors()) {
  describe(`PostgreSQL ${major}`, () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres({ major })
    })
    afterAll(() => server.stop())

    const openHarness: OpenHarness = async ({ poolSize, via }) => {
      const url = new URL(server.connectionString)
      if (via) url.host = `${via.host}:${via.port}`
      const sql = postgres(url.href, { max: poolSize, onnotice() {}, onclose() {} })
      const watched = watchSql(sql)
      return {
        session: createPostgresJsSession(sql),
        connectionString: server.connectionString,
        leaks: watched.leaks,
        // Without a time limit postgres.js waits for a statement that was lost with its connection.
        close: () => sql.end({ timeout: 0.2 }),
      }
    }

    describeSessionContract('postgres.js', openHarness)
    describeSessionContract('postgres.js in a tracked call', boundHarness(openHarness))
  })
}
