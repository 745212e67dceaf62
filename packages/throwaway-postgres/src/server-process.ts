import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { isWindows } from './platform.ts'
import type { ServerUser } from './unprivileged-user.ts'
import type { Watchdog } from './watchdog.ts'

/** What every program of a server is started with. */
export interface ProcessOptions extends ServerUser {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

export interface ServerProcess {
  /** Absent when the program could not be run. */
  readonly pid: number | undefined
  /** How it ended, once all it wrote has been read; undefined = successfully. */
  readonly closed: Promise<string | undefined>
  /** The last lines it wrote to standard error. */
  logTail(): string
  /** Stops keeping this process alive. */
  unref(): void
  /**
   * Lets connections that are just being closed end by themselves, for a moment; then asks for a fast shutdown, insists after five
   * seconds, and resolves when it has ended.
   */
  end(): Promise<void>
}

const logTailLength = 4_000
/** SIGTERM to a server waits for its connections: a client that is being closed would report being terminated as an error. */
const endings = [
  { signal: 'SIGTERM', patienceMs: 250 },
  { signal: 'SIGINT', patienceMs: 5_000 },
  { signal: 'SIGQUIT', patienceMs: 5_000 },
  { signal: 'SIGKILL', patienceMs: 5_000 },
] as const

/** Runs one program in a process group of its own (Ctrl-C in a terminal is not for it), guarded until it ends. */
export function startProcess(
  program: string,
  args: readonly string[],
  { watchdog, ending, ...options }: ProcessOptions & { watchdog: Watchdog; ending: 'crash' | 'shutdown' },
): ServerProcess {
  const child = spawn(program, args, {
    ...options,
    detached: !isWindows,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (child.pid !== undefined) watchdog.guard(child.pid, ending)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-logTailLength)
  })
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => {
      watchdog.release()
      resolve()
    })
  })
  const closed = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`could not be run: ${error.message}`))
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`))
  })
  return {
    pid: child.pid,
    closed,
    logTail: () => log.trim(),
    unref() {
      if (isWindows) return
      child.unref()
      ;(child.stderr as Socket).unref()
    },
    async end() {
      child.ref()
      for (const { signal, patienceMs } of endings) {
        child.kill(signal)
        const timeout = new AbortController()
        const late = delay(patienceMs, undefined, { signal: timeout.signal }).catch(() => {})
        await Promise.race([exited, late])
        timeout.abort()
        if (child.exitCode !== null || child.signalCode !== null) break
      }
      child.stderr.destroy()
    },
  }
}
