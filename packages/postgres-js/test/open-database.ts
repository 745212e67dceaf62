import { startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import pg from 'pg'
import postgres, { type Sql } from 'postgres'
import { vi } from 'vitest'

/** A server of the file's own, of the first major version to test on (the contract runs on all), with a connection of another driver that sees what really happened. */
export interface TestDatabase {
  readonly connectionString: string
  /** Process of the server's parent, which is started by it and ends with it. */
  readonly serverPid: number
  openSql(options?: postgres.Options<Record<string, postgres.PostgresType>>): Sql
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
  const { connectionString } = server
  const opened: Sql[] = []
  const observer = new pg.Client({ connectionString, application_name: 'observer' })
  await observer.connect()
  const look: TestDatabase['look'] = async (text, values) => (await observer.query(text, values)).rows
  return {
    connectionString,
    serverPid: server.pid,
    openSql(options) {
      const sql = postgres(connectionString, { onnotice() {}, ...options }) as Sql
      opened.push(sql)
      return sql
    },
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
      // Without a time limit postgres.js waits for a statement that was lost with its connection.
      for (const sql of opened) await sql.end({ timeout: 0 })
      await observer.end()
      await server.stop()
    },
  }
}

export const backendOf = async (session: { query(text: string): Promise<{ rows: unknown[] }> }): Promise<number> => {
  const { rows } = await session.query('select pg_backend_pid() as pid')
  return (rows[0] as { pid: number }).pid
}
