import { notSent } from './not-sent.ts'

export interface Turn<Result> {
  readonly result: Promise<Result>
  /** Takes out what has not started, whose result then rejects; false where it has. */
  leave(): boolean
}

/**
 * Sends the statements of one transaction one at a time, in call order. So it is known which of them is running, and none is inside
 * postgres.js when the connection is lost, where it would never settle.
 */
export interface StatementLane {
  /** Calls `run` when its turn comes, at once where nothing is under way. */
  enter<Result>(run: () => Promise<Result>): Turn<Result>
  /** From now on nothing is started; what was rejects with `error` where it has not been answered. */
  lose(error: unknown): void
}

interface Entry {
  start(): void
  reject(error: unknown): void
}

export const createStatementLane = (): StatementLane => {
  const waiting: Entry[] = []
  let current: Entry | undefined
  let loss: { readonly error: unknown } | undefined
  const advance = () => {
    current = waiting.shift()
    current?.start()
  }
  return {
    enter<Result>(run: () => Promise<Result>) {
      if (loss !== undefined) return { result: Promise.reject<Result>(loss.error), leave: () => true }
      let entry: Entry | undefined
      const result = new Promise<Result>((resolve, reject) => {
        entry = {
          start() {
            const running = run()
            running.then(resolve, reject)
            running.then(advance, advance)
          },
          reject,
        }
        waiting.push(entry)
      })
      if (current === undefined) advance()
      return {
        result,
        leave() {
          const at = waiting.indexOf(entry as Entry)
          if (at === -1) return false
          waiting.splice(at, 1)
          entry?.reject(notSent())
          return true
        },
      }
    },
    lose(error) {
      loss ??= { error }
      for (const entry of [current, ...waiting.splice(0)]) entry?.reject(error)
    },
  }
}
