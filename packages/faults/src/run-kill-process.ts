import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FaultServer } from './fault-server.ts'
import type { ChildMessage, KillRound, KillTask } from './kill-messages.ts'
import { killPoints } from './kill-points.ts'
import { pollUntil } from './poll-until.ts'

const program = fileURLToPath(new URL('kill-process.ts', import.meta.url))
const packageFolder = fileURLToPath(new URL('..', import.meta.url))

export interface KillResult {
  readonly rounds: readonly KillRound[]
  /** How the process ended, where it ended before it was done. */
  readonly crash: string | undefined
}

const stderrTailLength = 2000

/** Runs a task in a process of its own, and kills the backends that it asks for. */
export async function runKillProcess(task: KillTask, server: FaultServer): Promise<KillResult> {
  const rounds: KillRound[] = []
  let isDone = false
  let stderr = ''
  const child = fork(program, {
    cwd: packageFolder,
    execArgv: ['--conditions=@pgtally/source', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrTailLength)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`))
  })
  const failed = new Promise<never>((_resolve, reject) => {
    child.on('message', (message: ChildMessage) => {
      if (message.kind === 'round') rounds.push(message.round)
      else if (message.kind === 'done') isDone = true
      else {
        pollUntil(`a backend ${message.point}`, async () => {
          const pids = await server.backends(killPoints[message.point])
          return pids.length > 0 ? pids : undefined
        })
          .then((pids) => server.kill(pids, message.how))
          .then(() => child.connected && child.send('killed'))
          .catch(reject)
      }
    })
    child.send(task)
  })
  try {
    const ending = await Promise.race([ended, failed])
    return { rounds, crash: isDone ? undefined : `${ending}: ${stderr.trim()}` }
  } finally {
    child.kill('SIGKILL')
  }
}
