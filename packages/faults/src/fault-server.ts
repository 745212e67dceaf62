import { startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import { Client, type QueryResultRow } from 'pg'
import { applicationName } from './drivers/fault-driver.ts'
import { pollUntil } from './poll-until.ts'

export type Kill = 'terminate' | 'kill -9'

/** A server of our own, seen from connections that no driver under test knows of. It may crash: they are made anew. */
export interface FaultServer {
  readonly connectionString: string
  readonly host: string
  readonly port: number
  /** Runs a statement, again where the server crashed or is not up yet: one that may run twice. */
  look<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Backends under test that this condition on pg_stat_activity holds for. */
  backends(condition: string): Promise<readonly number[]>
  /** Ends backends, by pg_terminate_backend or as the kernel would in need of memory; resolves when their processes are gone. */
  kill(pids: readonly number[], how: Kill): Promise<void>
  /** Takes away what earlier runs have left: connections under test, and tables. */
  clear(): Promise<void>
  close(): Promise<void>
}

const answerWithinMs = 20_000

export async function startFaultServer(): Promise<FaultServer> {
  const [major = 18] = testMajors()
  const server = await startPostgres({
    major,
    // A COMMIT that was answered must outlive the crash that `kill -9` is to the whole server.
    settings: { synchronous_commit: true, max_connections: 40, deadlock_timeout: '100ms' },
  })
  let client: Promise<Client> | undefined

  const connect = async () => {
    const made = new Client({ connectionString: server.connectionString, application_name: 'observer' })
    made.on('error', () => {
      client = undefined
    })
    await made.connect()
    return made
  }
  const run = async <Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    client ??= connect()
    // Of a text with several statements it is an array.
    const result: { readonly rows?: Row[] } = await (await client).query<Row>(text, [...values])
    return result.rows ?? []
  }
  const look: FaultServer['look'] = async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    pollUntil(
      'the server answers',
      () =>
        run<Row>(text, values).catch((error) => {
          if ((error as { severity?: unknown }).severity === 'ERROR') throw error
          client = undefined
          return undefined
        }),
      answerWithinMs,
    )
  const backends: FaultServer['backends'] = async (condition) => {
    const text = `select pid from pg_stat_activity where application_name = $1 and (${condition})`
    return (await look<{ pid: number }>(text, [applicationName])).map(({ pid }) => pid)
  }

  return {
    connectionString: server.connectionString,
    host: server.host,
    port: server.port,
    look,
    backends,
    async kill(pids, how) {
      if (how === 'terminate') await look('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids])
      else for (const pid of pids) signal(pid, 'SIGKILL')
      await pollUntil('the backends are gone', async () => (pids.some((pid) => signal(pid, 0)) ? undefined : true))
    },
    async clear() {
      await look('select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = $1', [
        applicationName,
      ])
      await look('drop schema if exists public cascade; create schema public; grant all on schema public to public')
    },
    async close() {
      await (await client)?.end().catch(() => {})
      await server.stop()
    },
  }
}

/** False where there is no such process. */
const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
