import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { vi } from 'vitest'

export interface DemoProcess {
  readonly pid: number
  /** Resolves when standard output or standard error has held a match. */
  printed(pattern: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Nobody reads standard output any more. */
  closeOutput(): void
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
  /** Rejects where a server's files are still there after a while. */
  leftNothing(): Promise<void>
}

const main = path.join(import.meta.dirname, '..', 'src', 'main.ts')

const nodeOptions = ['--conditions=@pgtally/source', '--import', 'tsx']
const smallShop = ['--customers', '2000', '--orders', '20000']

/** A small shop; a temporary directory of its own shows what the process leaves behind. */
export const startDemo = (...options: string[]): Promise<DemoProcess> =>
  start(process.execPath, [...nodeOptions, main, ...smallShop, ...options], {})

/** As npm starts it: through a shell, to which alone signals go. */
export const startDemoAsNpmDoes = (...options: string[]): Promise<DemoProcess> =>
  start(
    '/bin/sh',
    ['-c', 'true && "$0" "$@"; true', process.execPath, ...nodeOptions, main, ...smallShop, ...options],
    { npm_lifecycle_event: 'start' },
  )

const start = async (program: string, args: readonly string[], extra: NodeJS.ProcessEnv): Promise<DemoProcess> => {
  const directory = await mkdtemp(path.join(tmpdir(), 'demo-'))
  // The server doesn't run as root, and must get in.
  await chmod(directory, 0o755)
  const { npm_lifecycle_event: _, ...environment } = process.env
  const child = spawn(program, args, {
    env: { ...environment, ...extra, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const seen = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      seen[name] += chunk
      for (const look of watchers) look()
    })
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...seen }))
  return {
    pid: child.pid as number,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(seen.stdout + seen.stderr)) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
        ended.then(() => reject(new Error(`It ended before it printed ${pattern}:\n${seen.stdout}${seen.stderr}`)))
      }),
    kill: (signal) => void child.kill(signal),
    closeOutput: () => void child.stdout.destroy(),
    ended,
    async leftNothing() {
      await vi.waitFor(
        async () => {
          // tsx keeps its cache of compiled sources there.
          const left = (await readdir(directory)).filter((name) => !name.startsWith('tsx-'))
          if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`)
        },
        { timeout: 15_000, interval: 50 },
      )
      await rm(directory, { recursive: true, force: true })
    },
  }
}
