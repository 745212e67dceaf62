import { type PostgresServer, startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import { afterAll, beforeAll, describe } from 'vitest'
import { boundHarness } from '../src/bound-harness.ts'
import { describeSessionContract } from '../src/describe-session-contract.ts'
import { referenceHarness } from './reference-harness.ts'

for (const major of testMajors()) {
  describe(`PostgreSQL ${major}`, () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres({ major })
    })
    afterAll(() => server.stop())

    const openHarness = referenceHarness(() => server.connectionString)
    describeSessionContract('reference adapter', openHarness)
    describeSessionContract('reference adapter in a tracked call', boundHarness(openHarness))
  })
}
