import { type PostgresServer, startPostgres } from '@pgtally/throwaway-postgres'
import { afterAll, beforeAll, vi } from 'vitest'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  vi.stubEnv('PGTALLY_TEST_DATABASE_URL', server.connectionString)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await server.stop()
})

// It registers the contract of its adapter, as it does in a stranger's project.
await import('../../../docs/examples/write-an-adapter.ts')
