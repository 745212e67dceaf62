import { randomBytes } from 'node:crypto'
import type { Session } from '@pgtally/core'
import { Client } from 'pg'
import type { FaultProxy } from './fault-proxy.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { pollUntil } from './poll-until.ts'
import type { OpenHarness, SessionHarness } from './session-harness.ts'
import { withinDeadline } from './within-deadline.ts'

type Row = Readonly<Record<string, unknown>>

export interface BenchOptions {
  /** What must be behind the session: a `server` whose connections can be lost, a `database` that can be read, or nothing. */
  readonly needs: 'server' | 'database' | 'nothing'
  /** [2] */
  readonly poolSize?: number
  /** The session connects through a fault proxy [false]. */
  readonly viaProxy?: boolean
}

/** What a law is checked with: a session, and means to see and to disturb it from outside. */
export interface LawBench {
  readonly session: Session
  /** Present where the law asks for it by `viaProxy`. */
  readonly proxy: FaultProxy
  /** Runs one statement on a connection that is not the session's. */
  verify(text: string): Promise<readonly Row[]>
  /** Makes an empty table, by another connection, and returns its name. */
  createTable(columns: string): Promise<string>
  /** Number of rows that other connections see. */
  countRows(table: string): Promise<number>
  /** From now on a transaction that inserts into the table takes so long to commit. */
  slowDownCommit(table: string, seconds: number): Promise<void>
  /** Ends a connection of the session from the server's side; resolves when its backend is gone. */
  killBackend(pid: number): Promise<void>
  leaks(): readonly string[]
  close(): Promise<void>
}

const closeWithinMs = 5000

export async function openBench(options: BenchOptions, openHarness: OpenHarness): Promise<LawBench> {
  const poolSize = options.poolSize ?? 2
  const proxy = options.viaProxy ? await proxyTo(openHarness) : undefined
  const harness = await openHarness({ poolSize, ...(proxy && { via: { host: proxy.host, port: proxy.port } }) })
  const verifier =
    options.needs === 'nothing'
      ? undefined
      : await openVerifier(harness).catch(async (error) => {
          await Promise.all([harness.close(), proxy?.close()])
          throw error
        })
  const verify = (text: string) => required(verifier, 'a database').run(text)
  const schema = `pgtally_contract_${randomBytes(6).toString('hex')}`
  let tableCount = 0
  if (verifier) await verify(`create schema ${schema}`)
  return {
    session: harness.session,
    get proxy() {
      return required(proxy, 'viaProxy')
    },
    verify,
    async createTable(columns) {
      tableCount += 1
      const table = `${schema}.t${tableCount}`
      await verify(`create table ${table} (${columns})`)
      return table
    },
    async countRows(table) {
      const rows = await verify(`select count(*)::int as count from ${table}`)
      return rows[0]?.count as number
    },
    async slowDownCommit(table, seconds) {
      await verify(`create function ${table}_sleep() returns trigger language plpgsql as
        $$ begin perform pg_sleep(${seconds}); return null; end $$`)
      await verify(`create constraint trigger slow_commit after insert on ${table}
        deferrable initially deferred for each row execute function ${table}_sleep()`)
    },
    async killBackend(pid) {
      await verify(`select pg_terminate_backend(${pid})`)
      await pollUntil('the backend is gone', async () => {
        return (await verify(`select from pg_stat_activity where pid = ${pid}`)).length === 0
      })
    },
    leaks: () => harness.leaks(),
    async close() {
      try {
        await withinDeadline(harness.close(), closeWithinMs, 'closing the harness')
        await proxy?.close()
        if (verifier) await verify(`drop schema ${schema} cascade`)
      } finally {
        await verifier?.close()
        await proxy?.close()
      }
    },
  }
}

interface Verifier {
  run(text: string): Promise<readonly Row[]>
  close(): Promise<void>
}

async function openVerifier(harness: SessionHarness): Promise<Verifier> {
  const { verify, connectionString } = harness
  if (connectionString === undefined) {
    if (!verify) throw new Error('The harness needs a connectionString, or verify() where there is no server.')
    return { run: (text) => verify.call(harness, text), close: async () => {} }
  }
  const client = new Client({ connectionString })
  await client.connect()
  // What a broken session left open must not hold up the end of the test.
  await client.query(`set client_min_messages = warning; set lock_timeout = '2s'`)
  return { run: async (text) => (await client.query(text)).rows, close: () => client.end() }
}

/** The address is known only from a harness, and the proxy must be there before the one that uses it. */
async function proxyTo(openHarness: OpenHarness): Promise<FaultProxy> {
  const probe = await openHarness({ poolSize: 1 })
  await probe.close()
  const { host, port } = new Client({ connectionString: required(probe.connectionString, 'a connectionString') })
  return startFaultProxy(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
}

function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`This law needs ${what}.`)
  return value
}
