/**
 * Hands statements over one at a time, in call order. PGlite has queues of its own, but what waits in those cannot be taken back;
 * and nothing can be aborted while it runs, since that is in this very thread.
 */
export interface StatementQueue {
  /** Calls `run` when its turn comes, at once where nothing is under way. */
  enter<Result>(run: () => Promise<Result>): Turn<Result>
}

export interface Turn<Result> {
  readonly result: Promise<Result>
  /** Gives the place up, by which `result` rejects. Does nothing once its turn has come. */
  leave(): void
}

export const createStatementQueue = (): StatementQueue => {
  const waiting: (() => void)[] = []
  let busy = false
  const advance = () => {
    const begin = waiting.shift()
    busy = begin !== undefined
    begin?.()
  }
  return {
    enter(run) {
      let leave = () => {}
      const result = new Promise<Awaited<ReturnType<typeof run>>>((resolve, reject) => {
        const begin = () => {
          const running = run()
          resolve(running as never)
          running.then(advance, advance)
        }
        leave = () => {
          const at = waiting.indexOf(begin)
          if (at === -1) return
          waiting.splice(at, 1)
          reject(new DOMException('The statement was cancelled before it was sent.', 'AbortError'))
        }
        waiting.push(begin)
      })
      if (!busy) advance()
      return { result, leave: () => leave() }
    },
  }
}
