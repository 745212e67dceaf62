import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { isWindows } from './platform.ts'
import { pidFile } from './server-directory.ts'

export interface Watchdog {
  /** From now on this process is ended when ours is gone. `crash` kills its whole group at once, `shutdown` asks a server. */
  guard(pid: number, ending: 'crash' | 'shutdown'): void
  /** The guarded process has ended by itself; its id may soon be someone else's. */
  release(): void
  /** Ends the watchdog; nothing is cleaned up after this. */
  dismiss(): Promise<void>
}

/**
 * Reads until our end of the pipe closes, which the kernel does however this process ends. It waits for the pid file,
 * not for the process: a zombie that nobody reaps (a container without an init) stays alive for `kill -0`.
 */
const script = `
pid_file=$1 directory=$2 ending=none pid=
while read -r next_ending next_pid; do ending=$next_ending pid=$next_pid; done
case $ending in
crash) kill -KILL "-$pid" ;;
shutdown)
  kill -INT "$pid"
  tries=0
  while [ -e "$pid_file" ] && [ $tries -lt 110 ]; do
    tries=$((tries + 1))
    case $tries in 50) kill -QUIT "$pid" ;; 100) kill -KILL "$pid" ;; esac
    sleep 0.1
  done ;;
esac
tries=0
until rm -rf "$directory" || [ $tries -ge 50 ]; do tries=$((tries + 1)); sleep 0.1; done
`

/**
 * Starts a shell that outlives this process and then ends the server and removes its directory. It is in a session of
 * its own, so that neither Ctrl-C nor a closed terminal reaches it. Windows has none: there it does nothing.
 */
export async function startWatchdog(directory: string): Promise<Watchdog> {
  if (isWindows) return { guard() {}, release() {}, dismiss: async () => {} }
  const shell = spawn('/bin/sh', ['-c', script, 'pgtally-watchdog', pidFile(directory), directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const pipe = shell.stdin as Socket
  // Someone else killed the shell: the server still works, it has lost its guard only.
  pipe.on('error', () => {})
  await once(shell, 'spawn')
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
  pipe.unref()
  shell.unref()
  return {
    guard: (pid, ending) => void pipe.write(`${ending} ${pid}\n`),
    release: () => void pipe.write('none\n'),
    async dismiss() {
      shell.ref()
      shell.kill('SIGKILL')
      await ended
      pipe.destroy()
    },
  }
}
