import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A TCP address, or the path of a socket. */
export type ProxyTarget = { readonly host: string; readonly port: number } | { readonly path: string }

export type ProxyDirection = 'toServer' | 'toClient'

/** What happens to the bytes of one direction. */
export interface ProxyFaults {
  /** How long after its arrival a chunk is passed on [0]. */
  readonly latencyMs: number
  /** At most so much more latency, at random [0]. Order is kept. */
  readonly jitterMs: number
  /** At most so many bytes at a time [Infinity]. */
  readonly sliceBytes: number
  /** [Infinity] */
  readonly bytesPerSecond: number
  /** Bytes vanish while the connection stays open [false]. In both directions: a black hole. */
  readonly drop: boolean
}

/** A TCP proxy on 127.0.0.1 that harms connections when told to, and passes everything on until then. */
export interface FaultProxy {
  readonly host: string
  readonly port: number
  /** How many connections are open. */
  readonly connectionCount: number
  /** Changes the faults that are given, for open connections and for those to come. */
  set(direction: ProxyDirection, faults: Partial<ProxyFaults>): void
  /** Whether connections from now on are reset as soon as they are accepted. */
  refuse(refused: boolean): void
  /** Ends all open connections by RST, at both ends. */
  reset(): void
  /** Ends all open connections by FIN, at both ends, after what is still on its way. */
  finish(): void
  /**
   * Resolves when bytes with this text pass the next time, letter case ignored. `react` runs before they are passed on, so that a
   * fault that it sets holds for them and for their answer.
   */
  when(direction: ProxyDirection, text: string, react?: () => void): Promise<void>
  /** From now on, replaces a text that arrives within one chunk, letter case ignored, by one of the same length. */
  rewrite(direction: ProxyDirection, from: string, to: string): void
  /** Resets what is open, stops listening. */
  close(): Promise<void>
}

interface Watch {
  readonly direction: ProxyDirection
  readonly text: string
  readonly react: () => void
}

interface Rewriting {
  readonly direction: ProxyDirection
  readonly from: string
  readonly to: string
}

/** More than this on its way, and the sender has to wait. */
const queuedBytesLimit = 1_000_000

/** Starts a proxy to `target`. `random` makes the jitter [Math.random]. */
export async function startFaultProxy(target: ProxyTarget, random: () => number = Math.random): Promise<FaultProxy> {
  const harmless: ProxyFaults = {
    latencyMs: 0,
    jitterMs: 0,
    sliceBytes: Number.POSITIVE_INFINITY,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    drop: false,
  }
  const faults: Record<ProxyDirection, ProxyFaults> = { toServer: harmless, toClient: harmless }
  const watches = new Set<Watch>()
  const rewritings: Rewriting[] = []
  const connections = new Set<readonly [Socket, Socket]>()
  let refused = false

  // Only TCP knows RST.
  const resetSocket = (socket: Socket, isUpstream: boolean) => {
    if (isUpstream && 'path' in target) socket.destroy()
    else socket.resetAndDestroy()
  }

  function inspect(direction: ProxyDirection, tail: Buffer, chunk: Buffer): void {
    for (const { from, to } of rewritings.filter((rewriting) => rewriting.direction === direction)) {
      for (let at = find(chunk, from); at >= 0; at = find(chunk, from, at + 1)) chunk.write(to, at, 'latin1')
    }
    for (const watch of watches) {
      // What passed before the watch began doesn't count, but its end may be the beginning of the text.
      const beginning = tail.subarray(Math.max(0, tail.length - watch.text.length + 1))
      if (watch.direction !== direction || find(Buffer.concat([beginning, chunk]), watch.text) < 0) continue
      watches.delete(watch)
      watch.react()
    }
  }

  function pump(from: Socket, to: Socket, direction: ProxyDirection): void {
    let queue: Promise<void> = Promise.resolve()
    let queuedBytes = 0
    let tail: Buffer = Buffer.alloc(0)
    from.on('data', (chunk) => {
      inspect(direction, tail, chunk)
      tail = Buffer.from(chunk.subarray(-64))
      const { latencyMs, jitterMs, drop } = faults[direction]
      if (drop) return
      const dueAt = performance.now() + latencyMs + random() * jitterMs
      queuedBytes += chunk.length
      if (queuedBytes > queuedBytesLimit) from.pause()
      queue = queue.then(async () => {
        await deliver(to, chunk, dueAt, faults[direction])
        queuedBytes -= chunk.length
        from.resume()
      })
    })
    from.on('end', () => {
      queue.then(() => to.end())
    })
    from.on('error', () => resetSocket(to, direction === 'toServer'))
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (refused) {
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true })
    const connection = [client, upstream] as const
    connections.add(connection)
    pump(client, upstream, 'toServer')
    pump(upstream, client, 'toClient')
    client.on('close', () => {
      connections.delete(connection)
      upstream.destroy()
    })
    upstream.on('close', () => client.destroySoon())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  const reset = () => {
    for (const [client, upstream] of connections) {
      resetSocket(client, false)
      resetSocket(upstream, true)
    }
  }
  return {
    host: '127.0.0.1',
    port,
    get connectionCount() {
      return connections.size
    },
    set(direction, changed) {
      faults[direction] = { ...faults[direction], ...changed }
    },
    refuse(value) {
      refused = value
    },
    reset,
    finish() {
      for (const sockets of connections) for (const socket of sockets) socket.end()
    },
    when: (direction, text, react = () => {}) =>
      new Promise((resolve) => {
        watches.add({
          direction,
          text,
          react: () => {
            react()
            resolve()
          },
        })
      }),
    rewrite(direction, from, to) {
      if (from.length !== to.length) throw new RangeError('rewrite needs two texts of the same length')
      rewritings.push({ direction, from, to })
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      reset()
      return closed
    },
  }
}

async function deliver(to: Socket, chunk: Buffer, dueAt: number, faults: ProxyFaults): Promise<void> {
  const waitMs = dueAt - performance.now()
  if (waitMs > 0) await delay(waitMs)
  for (let at = 0; at < chunk.length && to.writable; ) {
    const slice = chunk.subarray(at, at + Math.max(1, Math.min(faults.sliceBytes, chunk.length - at)))
    at += slice.length
    await new Promise((resolve) => to.write(slice, resolve))
    if (faults.bytesPerSecond < Number.POSITIVE_INFINITY) await delay((slice.length / faults.bytesPerSecond) * 1000)
  }
}

/** Text in the protocol is ASCII as far as it is looked for. */
function find(bytes: Buffer, text: string, from = 0): number {
  return bytes.toString('latin1').toLowerCase().indexOf(text.toLowerCase(), from)
}
