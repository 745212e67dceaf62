import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isWindows, unsupportedPlatform } from './platform.ts'
import { copyBinaries } from './private-copy.ts'
import type { ProcessOptions } from './server-process.ts'

/**
 * The `bin` folder to run programs from: the installed one, or a copy in the server's directory where the installed one
 * doesn't run: the server's user can't enter the checkout, or npm was told to ignore scripts and made no symbolic links.
 * Throws `PGTALLY_POSTGRES_UNSUPPORTED` if the copy doesn't run either.
 */
export async function usableBinaries(native: string, options: ProcessOptions): Promise<string> {
  const installed = join(native, 'bin')
  if (isWindows || (await whyNotRunning(installed, options)) === undefined) return installed
  const copy = join(await copyBinaries(native, options.cwd, options), 'bin')
  const reason = await whyNotRunning(copy, options)
  if (reason === undefined) return copy
  throw unsupportedPlatform(`The PostgreSQL binaries from npm do not run on this machine (${reason})`)
}

async function whyNotRunning(bin: string, options: ProcessOptions): Promise<string | undefined> {
  try {
    await promisify(execFile)(join(bin, 'postgres'), ['--version'], options)
    return undefined
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    return stderr?.trim() || message
  }
}
