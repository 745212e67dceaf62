import { constants } from 'node:os'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** npm passes Ctrl-C on to a process that the terminal has told already: what follows so soon is the same keystroke. */
const sameKeystrokeMs = 250

export interface StopRequest {
  /** Aborted by the first request. */
  readonly signal: AbortSignal
  /** 128 + the number of the signal that asked for it, as shells count; 0 where none did. */
  exitCode(): number
  request(): void
}

export interface StopActions {
  /** The first signal has arrived. */
  readonly stopping: () => void
  /** A second one: the process must end in this very turn of the event loop. */
  readonly endNow: (exitCode: number) => void
}

export const listenForStop = ({ stopping, endNow }: StopActions): StopRequest => {
  const stop = new AbortController()
  let first: { readonly name: string; readonly exitCode: number; readonly at: number } | undefined
  for (const name of stopSignals) {
    process.on(name, () => {
      const at = performance.now()
      if (first === undefined) {
        first = { name, exitCode: 128 + constants.signals[name], at }
        stopping()
        stop.abort()
      } else if (name !== first.name || at - first.at > sameKeystrokeMs) endNow(first.exitCode)
    })
  }
  return {
    signal: stop.signal,
    exitCode: () => first?.exitCode ?? 0,
    request: () => stop.abort(),
  }
}
