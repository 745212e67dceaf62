import { durationOr0 } from '../clock.ts'

/** How one iteration is reported: at most one start, then one end. */
export interface IterationWatch {
  now(): number
  /** Runs one step of the iterator, in the call's context. */
  step<Result>(run: () => Result): Result
  /** The first row was asked for. */
  started(): void
  value(value: unknown): void
  /** The last row was read, or the consumer left early. `durationMs` is the time inside `next()`. */
  succeeded(durationMs: number): void
  failed(durationMs: number, error: unknown): void
}

type Step = Promise<IteratorResult<unknown>>

/** The same iterator, watched. One that is left before its first row is not reported: nothing ran. */
export const trackIteration = (
  iterator: AsyncIterator<unknown>,
  watch: IterationWatch,
): AsyncGenerator<unknown, unknown, unknown> => {
  let state: 'new' | 'running' | 'ended' = 'new'
  let durationMs = 0
  let waiting = 0
  let waitingSince = 0

  const start = () => {
    if (state === 'new') {
      state = 'running'
      watch.started()
    }
    if (waiting++ === 0) waitingSince = watch.now()
  }
  const stop = () => {
    if (--waiting === 0) durationMs += durationOr0(watch.now() - waitingSince)
  }
  const end = (report: () => void) => {
    const wasRunning = state === 'running'
    state = 'ended'
    if (wasRunning) report()
  }
  const follow = (step: Step): Step =>
    step.then(
      (result) => {
        if (result.done) end(() => watch.succeeded(durationMs))
        else watch.value(result.value)
        return result
      },
      (error) => {
        end(() => watch.failed(durationMs, error))
        throw error
      },
    )
  // `async`, so that a step which throws at once or returns no promise is a rejection or a promise like any other.
  const timed = async (step: () => unknown): Step => {
    start()
    try {
      return (await step()) as IteratorResult<unknown>
    } finally {
      stop()
    }
  }
  const left = async (value: unknown): Step => ({ done: true, value: await value })

  const tracked: AsyncGenerator<unknown, unknown, unknown> = {
    next: (...sent) => follow(timed(() => watch.step(() => iterator.next(...(sent as []))))),
    return: (value) =>
      follow(iterator.return === undefined ? left(value) : (async () => iterator.return?.(value) as Step)()),
    throw: (error) =>
      follow(iterator.throw === undefined ? Promise.reject(error) : (async () => iterator.throw?.(error) as Step)()),
    [Symbol.asyncIterator]: () => tracked,
    [Symbol.asyncDispose]: async () => {
      await tracked.return(undefined)
    },
  }
  return tracked
}
