import { randomBytes } from 'node:crypto'
import { findBinaries } from './find-binaries.ts'
import { freePort } from './free-port.ts'
import { initializeData } from './initialize-data.ts'
import { launchServer } from './launch-server.ts'
import { currentPlatform, isWindows } from './platform.ts'
import { checkMajor, type PostgresMajor } from './postgres-major.ts'
import { makeServerDirectory, removeServerDirectory } from './server-directory.ts'
import { serverEnvironment } from './server-environment.ts'
import { checkSettings, type ServerSettings } from './server-settings.ts'
import { ThrowawayPostgresError } from './throwaway-postgres-error.ts'
import { unprivilegedUser } from './unprivileged-user.ts'
import { usableBinaries } from './usable-binaries.ts'
import { startWatchdog } from './watchdog.ts'

export interface StartPostgresOptions {
  /** Major version, 15 to 18; 18 if not given, the only one that is installed with this package. */
  readonly major?: PostgresMajor
  /** Server settings, over the defaults (fsync and the like off). Addresses and file locations can't be set. */
  readonly settings?: ServerSettings
  /** true = no TCP port, only a socket in a private folder, without a password. Not on Windows. */
  readonly socketOnly?: boolean
}

/** A running server that only this process is meant to use. */
export interface PostgresServer {
  /** For the superuser, with the password. `pg` and libpq read every form of it; postgres.js only that of a TCP server. */
  readonly connectionString: string
  /** `127.0.0.1`, or with `socketOnly` the folder of the socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  /** Absent with `socketOnly`. */
  readonly password?: string
  readonly database: string
  readonly major: PostgresMajor
  /** Process id of the postmaster. */
  readonly pid: number
  /** Disconnects all clients, ends the server, removes its files. Resolves when that is done; a second call changes nothing. */
  stop(): Promise<void>
}

/**
 * Starts an empty PostgreSQL server (UTF-8, locale C, time zone UTC) on a free port of 127.0.0.1, in about a second.
 * It doesn't keep the process alive, and it is ended and removed when the process ends without `stop()`, even by SIGKILL.
 *
 * Rejects with code `PGTALLY_INVALID_OPTION`, `PGTALLY_POSTGRES_MISSING` (the major version isn't installed; the message
 * has the command), `PGTALLY_POSTGRES_UNSUPPORTED` (npm has no binaries that run here) or
 * `PGTALLY_POSTGRES_START_FAILED` (the message has the end of the server's log). Nothing is left behind then.
 */
export function startPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  return startPostgresOnPort(options, freePort)
}

export async function startPostgresOnPort(
  { major: wanted = 18, settings = {}, socketOnly = false }: StartPostgresOptions,
  choosePort: () => Promise<number>,
): Promise<PostgresServer> {
  const major = checkMajor(wanted, 'major')
  checkSettings(settings)
  if (socketOnly && isWindows) {
    throw new ThrowawayPostgresError('PGTALLY_INVALID_OPTION', 'socketOnly is true; on Windows it must be false')
  }
  const native = findBinaries(major, currentPlatform())
  const user = await unprivilegedUser()
  const directory = await makeServerDirectory(user)
  const watchdog = await startWatchdog(directory)
  const cleanUp = async () => {
    await removeServerDirectory(directory)
    await watchdog.dismiss()
  }
  try {
    const processOptions = { ...user, cwd: directory, env: serverEnvironment(), watchdog }
    const bin = await usableBinaries(native, processOptions)
    const password = randomBytes(16).toString('hex')
    await initializeData(bin, password, processOptions)
    const { server, port } = await launchServer(bin, {
      ...processOptions,
      settings,
      socketOnly,
      // The folder makes the socket unique.
      choosePort: socketOnly ? async () => 5432 : choosePort,
    })
    server.unref()
    let stopped: Promise<void> | undefined
    return {
      ...address({ host: socketOnly ? directory : '127.0.0.1', port, password: socketOnly ? undefined : password }),
      major,
      pid: server.pid as number,
      stop() {
        stopped ??= server.end().then(cleanUp)
        return stopped
      },
    }
  } catch (error) {
    await cleanUp()
    throw error
  }
}

function address({ host, port, password }: { host: string; port: number; password: string | undefined }) {
  const userInfo = password === undefined ? 'postgres' : `postgres:${password}`
  return {
    connectionString: `postgres://${userInfo}@${encodeURIComponent(host)}:${port}/postgres`,
    host,
    port,
    user: 'postgres',
    ...(password === undefined ? {} : { password }),
    database: 'postgres',
  }
}
