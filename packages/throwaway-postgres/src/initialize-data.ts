import { chown, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataDirectory } from './server-directory.ts'
import { type ProcessOptions, startProcess } from './server-process.ts'
import { startFailed } from './start-failed.ts'
import type { Watchdog } from './watchdog.ts'

/**
 * Makes a data directory with the superuser `postgres`. Over TCP every local user can reach the server, so it asks for
 * the password; the socket lies in a folder that nobody else can enter, so it doesn't.
 */
export async function initializeData(
  bin: string,
  password: string,
  options: ProcessOptions & { watchdog: Watchdog },
): Promise<void> {
  const passwordFile = join(options.cwd, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (options.uid !== undefined && options.gid !== undefined) await chown(passwordFile, options.uid, options.gid)
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth-local=trust', '--auth-host=scram-sha-256']
  const contents = ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions']
  const initdb = startProcess(join(bin, 'initdb'), ['-D', dataDirectory(options.cwd), ...access, ...contents], {
    ...options,
    ending: 'crash',
  })
  const failure = await initdb.closed
  if (failure !== undefined) throw startFailed(`initdb ${failure}`, initdb.logTail())
  await rm(passwordFile)
}
