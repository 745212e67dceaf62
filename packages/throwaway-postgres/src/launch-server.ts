import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { dataDirectory, pidFile } from './server-directory.ts'
import { type ProcessOptions, type ServerProcess, startProcess } from './server-process.ts'
import { type ServerSettings, settingArguments } from './server-settings.ts'
import { startFailed } from './start-failed.ts'
import type { Watchdog } from './watchdog.ts'

export interface LaunchOptions extends ProcessOptions {
  readonly watchdog: Watchdog
  readonly settings: ServerSettings
  readonly socketOnly: boolean
  readonly choosePort: () => Promise<number>
}

const portAttempts = 5
const readyTimeoutMs = 60_000
const pollIntervalMs = 5

/** Starts a server on an initialized data directory and resolves when it accepts connections. */
export async function launchServer(
  bin: string,
  options: LaunchOptions,
): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await options.choosePort()
    const server = startOnPort(bin, port, options)
    const failure = await waitUntilReady(server, pidFile(options.cwd))
    if (failure === undefined) return { server, port }
    if (attempt === portAttempts || !lostThePort(server)) throw startFailed(`postgres ${failure}`, server.logTail())
  }
}

function startOnPort(bin: string, port: number, options: LaunchOptions): ServerProcess {
  const { settings, socketOnly, choosePort: _, ...processOptions } = options
  const address: ServerSettings = {
    port,
    listen_addresses: socketOnly ? '' : '127.0.0.1',
    unix_socket_directories: socketOnly ? options.cwd : '',
  }
  const args = ['-D', dataDirectory(options.cwd), ...settingArguments(settings, address)]
  return startProcess(join(bin, 'postgres'), args, { ...processOptions, ending: 'shutdown' })
}

/** How it failed, or undefined. The log can't tell: the caller's settings decide what is in it and where it goes. */
async function waitUntilReady(server: ServerProcess, file: string): Promise<string | undefined> {
  let ended = false
  const failed = server.closed.then((how) => {
    ended = true
    return how ?? 'ended'
  })
  const deadline = performance.now() + readyTimeoutMs
  while (!ended && !(await saysReady(file))) {
    if (performance.now() > deadline) {
      await server.end()
      return `was not ready within ${readyTimeoutMs / 1000} seconds`
    }
    await Promise.race([failed, delay(pollIntervalMs)])
  }
  return ended ? failed : undefined
}

async function saysReady(file: string): Promise<boolean> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n')
    return lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

/** Another process has bound it since it was chosen. */
function lostThePort(server: ServerProcess): boolean {
  return server.logTail().includes('could not bind IPv4 address')
}
