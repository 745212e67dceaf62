import type { PgClient } from './pg-client.ts'

/** Hears what a client says beside the answers to statements: that it is lost, and that it has answered all it was sent. */
export interface ClientWatch {
  /** Present once the connection is lost, with the first error that told why. */
  readonly loss: { readonly error: unknown } | undefined
  /** A statement was sent and the server is not ready for the next one yet. */
  readonly busy: boolean
  /** Listens from the first `hold` to the `letGo` that matches it. */
  hold(): void
  letGo(): void
  /** A statement is on its way now. */
  sent(): void
  /** An error that a statement got; it explains a loss that follows. */
  suspect(error: unknown): void
  lose(error: unknown): void
  /** Calls back at the loss, at once where it is lost already. Returns what takes the callback off. */
  onLoss(listener: (error: unknown) => void): () => void
  /** Resolves when the server is ready for the next statement, or never will be. */
  whenReady(): Promise<void>
}

/**
 * `linger`: a client that is being lost is listened to until its `end`, after the last `letGo` too. A dying client reports an
 * error more than once, and one that no pool looks after would bring the process down by the second.
 */
export const watchClient = (client: PgClient, linger: boolean): ClientWatch => {
  let loss: { readonly error: unknown } | undefined
  let cause: { readonly error: unknown } | undefined
  let busy = false
  let ended = false
  let holds = 0
  const onReady = new Set<() => void>()
  const onLoss = new Set<(error: unknown) => void>()

  const ready = () => {
    busy = false
    for (const listener of onReady) listener()
    onReady.clear()
  }
  const lose = (error: unknown) => {
    if (loss !== undefined) return
    loss = cause ?? { error }
    for (const listener of onLoss) listener(loss.error)
    onLoss.clear()
    ready()
  }
  const onDrain = () => {
    cause = undefined
    ready()
    if (holds === 0) stop()
  }
  const onEnd = () => {
    ended = true
    lose(new Error('Connection terminated'))
    if (holds === 0) stop()
  }
  const stop = () => {
    client.removeListener('error', lose)
    client.removeListener('end', onEnd)
    client.removeListener('drain', onDrain)
  }
  const dying = () => linger && !ended && (loss !== undefined || cause !== undefined)

  return {
    get loss() {
      return loss
    },
    get busy() {
      return busy
    },
    hold() {
      holds += 1
      if (holds > 1) return
      stop()
      client.on('error', lose)
      client.on('end', onEnd)
      client.on('drain', onDrain)
    },
    letGo() {
      holds -= 1
      if (holds === 0 && !dying()) stop()
    },
    sent() {
      busy = true
    },
    suspect(error) {
      cause ??= { error }
    },
    lose,
    onLoss(listener) {
      if (loss === undefined) onLoss.add(listener)
      else listener(loss.error)
      return () => onLoss.delete(listener)
    },
    whenReady: () => (busy && loss === undefined ? new Promise((resolve) => onReady.add(resolve)) : Promise.resolve()),
  }
}
