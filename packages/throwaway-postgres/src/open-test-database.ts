import { randomBytes } from 'node:crypto'
import type { PostgresMajor } from './postgres-major.ts'
import { acquireServer, releaseServer } from './shared-server.ts'
import { ThrowawayPostgresError } from './throwaway-postgres-error.ts'

/** Connects, runs one statement, disconnects, and returns its rows. This package has no driver; use the one under test. */
export type RunStatement = (
  connectionString: string,
  statement: string,
) => Promise<readonly Readonly<Record<string, unknown>>[]>

export interface TestDatabaseOptions {
  /** How to run CREATE and DROP DATABASE. */
  readonly run: RunStatement
  /** Major version of the throw-away server; 18 if not given. A server from the environment is what it is. */
  readonly major?: PostgresMajor
  /** End of the database's name, in place of a random one: `[a-z0-9_]`, at most 40. A test that prints its seed gives it here. */
  readonly suffix?: string
}

export interface TestDatabase {
  readonly connectionString: string
  /** Major version of the server it is on, whatever was asked for. */
  readonly major: number
  /** Disconnects its clients and removes it. Resolves when that is done; a second call changes nothing. */
  drop(): Promise<void>
}

interface Home {
  readonly connectionString: string
  leave(): Promise<void>
}

/**
 * Makes an empty database (UTF-8, locale C) for tests that need no server of their own: on the server whose address is in
 * PGTALLY_TEST_DATABASE_URL, else on a throw-away server that all test databases of this process share, and that stops
 * with the last of them.
 *
 * Rejects with code `PGTALLY_INVALID_OPTION`, with the errors of `startPostgres`, or with the error of `run` itself.
 */
export async function openTestDatabase({ run, major = 18, suffix }: TestDatabaseOptions): Promise<TestDatabase> {
  const name = databaseName(suffix)
  const home = await findHome(major)
  try {
    const rows = await run(home.connectionString, 'show server_version_num')
    await run(home.connectionString, `create database ${name} template template0 encoding 'UTF8' locale 'C'`)
    let dropped: Promise<void> | undefined
    return {
      connectionString: withDatabase(home.connectionString, name),
      major: Math.floor(Number(rows[0]?.server_version_num) / 10_000),
      drop() {
        dropped ??= run(home.connectionString, `drop database if exists ${name} with (force)`).then(
          () => home.leave(),
          async (error) => {
            await home.leave()
            throw error
          },
        )
        return dropped
      },
    }
  } catch (error) {
    await home.leave()
    throw error
  }
}

async function findHome(major: PostgresMajor): Promise<Home> {
  const connectionString = process.env.PGTALLY_TEST_DATABASE_URL
  if (connectionString) return { connectionString: checkUrl(connectionString), leave: async () => {} }
  const server = await acquireServer(major)
  return { connectionString: server.connectionString, leave: () => releaseServer(server) }
}

/** The message says nothing of the address: it holds a password. */
function checkUrl(connectionString: string): string {
  if (URL.canParse(connectionString) && /^postgres(ql)?:/i.test(connectionString)) return connectionString
  throw new ThrowawayPostgresError(
    'PGTALLY_INVALID_OPTION',
    'PGTALLY_TEST_DATABASE_URL is not a URL of the form postgres://user:password@host:port/database',
  )
}

function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.href
}

function databaseName(suffix = randomBytes(6).toString('hex')): string {
  if (/^[a-z0-9_]{1,40}$/.test(suffix)) return `pgtally_test_${suffix}`
  throw new ThrowawayPostgresError(
    'PGTALLY_INVALID_OPTION',
    `suffix is ${JSON.stringify(suffix)}; it must match [a-z0-9_]{1,40}`,
  )
}
