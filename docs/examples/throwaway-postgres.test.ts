// #region start
import { type PostgresServer, startPostgres } from '@pgtally/throwaway-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: PostgresServer
let pool: Pool

beforeAll(async () => {
  server = await startPostgres({ settings: { log_lock_waits: true } })
  pool = new Pool({ connectionString: server.connectionString })
})

afterAll(async () => {
  await pool.end()
  await server.stop()
})

it('counts the users', async () => {
  const { rows } = await pool.query('select count(*)::int as users from pg_user')
  expect(rows).toEqual([{ users: 1 }])
})
// #endregion
