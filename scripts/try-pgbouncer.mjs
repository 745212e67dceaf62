// What a Session does through PgBouncer, in session and in transaction mode, over pg and over postgres.js:
//   npm run test:pgbouncer
// docs/reference/adapters.md tells what is expected here; another outcome fails.
import { createRequire } from 'node:module'
import { createNodePgSession } from '../packages/node-pg/src/index.ts'
import { createPostgresJsSession } from '../packages/postgres-js/src/index.ts'
import { startPostgres } from '../packages/throwaway-postgres/src/index.ts'
import { limitChecks } from './pgbouncer/limit-checks.mjs'
import { pgbouncerVersion, startPgbouncer } from './pgbouncer/start-pgbouncer.mjs'
import { statementChecks } from './pgbouncer/statement-checks.mjs'
import { transactionChecks } from './pgbouncer/transaction-checks.mjs'
import { serverConnections } from './pgbouncer/trial.mjs'

const exampleRequire = createRequire(new URL('../docs/examples/package.json', import.meta.url))
const { Pool } = exampleRequire('pg')
const postgres = exampleRequire('postgres')
const { dependencies } = exampleRequire('./package.json')
const deadlineMs = 10_000
const checks = [...statementChecks, ...transactionChecks, ...limitChecks]

const drivers = [
  {
    name: `pg ${dependencies.pg}`,
    open(connectionString, { max = 8, parameters = {} } = {}) {
      const pool = new Pool({ connectionString, max, ...parameters })
      pool.on('error', () => {})
      return { session: createNodePgSession(pool), close: () => pool.end() }
    },
  },
  {
    name: `postgres ${dependencies.postgres}`,
    open(connectionString, { max = 8, parameters = {} } = {}) {
      // What fails while postgres.js asks for the array types, ends the process.
      const sql = postgres(connectionString, { max, onnotice() {}, fetch_types: false, connection: parameters })
      return { session: createPostgresJsSession(sql), close: () => sql.end({ timeout: 1 }) }
    },
  },
]

const version = await pgbouncerVersion()
/** It knows prepared statements since 1.21, and has this setting since then. */
const isPreparing = version.major > 1 || version.minor >= 21
const settings = {
  default_pool_size: serverConnections,
  query_wait_timeout: 2,
  ...(isPreparing ? { max_prepared_statements: 100 } : {}),
}
const server = await startPostgres()
let unexpected = 0
try {
  const direct = drivers[0].open(server.connectionString)
  console.log(`${version.text}, PostgreSQL ${server.major}`)
  for (const poolMode of ['session', 'transaction']) {
    const bouncer = await startPgbouncer(server, { pool_mode: poolMode, ...settings })
    try {
      for (const driver of drivers) await tryDriver(bouncer, poolMode, driver, direct.session)
    } finally {
      await bouncer.stop()
    }
  }
  await direct.close()
} finally {
  await server.stop()
}
console.log(unexpected === 0 ? '\nAll as expected' : `\n${unexpected} not as expected`)
if (unexpected > 0) process.exitCode = 1

async function tryDriver({ connectionString }, poolMode, driver, direct) {
  console.log(`\n${poolMode} mode, ${driver.name}`)
  for (const { name, expected, run } of checks) {
    const opened = []
    const open = (options) => {
      opened.push(driver.open(connectionString, options))
      return opened.at(-1).session
    }
    const wanted =
      typeof expected === 'function' ? expected({ poolMode, isPreparing, isPg: driver === drivers[0] }) : expected
    const found = await withinDeadline(run({ open, direct, poolMode }))
    for (const { close } of opened) await close()
    const isExpected = found === wanted
    if (!isExpected) unexpected += 1
    console.log(`${isExpected ? 'ok    ' : 'OTHER '} ${name}: ${found}${isExpected ? '' : ` (expected: ${wanted})`}`)
  }
}

async function withinDeadline(running) {
  let timer
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, deadlineMs, 'hangs')
  })
  const outcome = running.then(
    (found) => found ?? 'works',
    (error) => `fails: ${error.code ?? error.name} ${error.message}`,
  )
  const found = await Promise.race([outcome, late])
  clearTimeout(timer)
  return found
}
