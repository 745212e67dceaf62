import { markAborted } from '../errors/abort-reasons.ts'

const answerWithinMs = 1000

/**
 * The result, or the signal's reason: once the server has answered the cancellation, or after a second with the connection given
 * up. The statement's own end is awaited because until then its effects are not decided.
 */
export const untilAborted = <Result>(
  result: Promise<Result>,
  control: { cancel(): void; abandon(): void },
  signal: AbortSignal,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const rejectWithReason = () => {
      markAborted(signal.reason)
      reject(signal.reason)
    }
    const onAbort = () => {
      timer = setTimeout(() => {
        control.abandon()
        rejectWithReason()
      }, answerWithinMs)
      control.cancel()
    }
    const end = (finish: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      if (signal.aborted) rejectWithReason()
      else finish()
    }
    result.then(
      (value) => end(() => resolve(value)),
      (error) => end(() => reject(error)),
    )
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
