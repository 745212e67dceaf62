import { startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import pg from 'pg'
import { vi } from 'vitest'

/** A server of the file's own, of the first major version to test on (the contract runs on all), with a connection beside those under test that sees what really happened. */
export interface TestDatabase {
  readonly connectionString: string
  readonly host: string
  readonly port: number
  openPool(config?: pg.PoolConfig): pg.Pool
  openClient(config?: pg.ClientConfig): Promise<pg.Client>
  /** Runs a statement on the independent connection. */
  look<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  kill(pid: number): Promise<void>
  /** Resolves to the backend that runs a statement with this text in it. */
  running(text: string): Promise<number>
  close(): Promise<void>
}

export const openDatabase = async (): Promise<TestDatabase> => {
  const [major = 18] = testMajors()
  const server = await startPostgres({ major })
  const { connectionString, host, port } = server
  const open: { end(): Promise<void> }[] = []
  const openClient = async (config?: pg.ClientConfig) => {
    const client = new pg.Client({ connectionString, ...config })
    await client.connect()
    open.push(client)
    return client
  }
  const observer = await openClient({ application_name: 'observer' })
  const look: TestDatabase['look'] = async (text, values) => (await observer.query(text, values)).rows
  return {
    connectionString,
    host,
    port,
    openPool(config) {
      const pool = new pg.Pool({ connectionString, ...config })
      open.push(pool)
      return pool
    },
    openClient,
    look,
    kill: async (pid) => void (await look('select pg_terminate_backend($1, 5000)', [pid])),
    running: (text) =>
      vi.waitFor(async () => {
        const [backend] = await look<{ pid: number }>(
          `select pid from pg_stat_activity where state = 'active' and position($1 in query) > 0 and pid <> pg_backend_pid()`,
          [text],
        )
        if (backend === undefined) throw new Error(`nothing runs ${text}`)
        return backend.pid
      }, 5000),
    async close() {
      for (const handle of open.slice(1)) await handle.end()
      // A pool's end does not wait for its sockets, and a server that stops reports an error on each that is left.
      await vi.waitFor(async () => {
        const others = `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`
        if ((await look(others)).length > 0) throw new Error('connections are left')
      }, 10_000)
      await observer.end()
      await server.stop()
    },
  }
}

/** How many listeners a client has, of any kind. */
export const listenerCount = (client: pg.Client): number =>
  client.eventNames().reduce((sum, name) => sum + client.listenerCount(name), 0)

export const backendOf = async (session: { query(text: string): Promise<{ rows: unknown[] }> }): Promise<number> => {
  const { rows } = await session.query('select pg_backend_pid() as pid')
  return (rows[0] as { pid: number }).pid
}
