/** Sends the statements of one client one at a time, in call order, so that it is known which of them is running. */
export interface StatementLane {
  /**
   * Calls `run` when its turn comes, at once where nothing is under way; the next one's turn is when it is over. `run` must not
   * reject.
   */
  enter(run: () => Promise<void>): void
  /** Takes out what has not started; false where it has. */
  leave(run: () => Promise<void>): boolean
}

export const createStatementLane = (): StatementLane => {
  const waiting: (() => Promise<void>)[] = []
  let running = false
  const next = () => {
    const run = waiting.shift()
    running = run !== undefined
    run?.().then(next)
  }
  return {
    enter(run) {
      waiting.push(run)
      if (!running) next()
    },
    leave(run) {
      const at = waiting.indexOf(run)
      if (at === -1) return false
      waiting.splice(at, 1)
      return true
    },
  }
}
