import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Child {
  readonly process: ChildProcess
  /** Resolves to the next line it prints; rejects with what it wrote to standard error when it ends instead. */
  nextLine(): Promise<string>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

export function spawnChild(args: readonly string[], options: SpawnOptions = {}, program = process.execPath): Child {
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    process: child,
    async nextLine() {
      const { value, done } = await lines.next()
      if (done) throw new Error(errors)
      return value
    },
    ended: once(child, 'close').then(([code, signal]) => code ?? signal),
  }
}
