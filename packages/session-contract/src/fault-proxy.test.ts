import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

interface Peer {
  readonly socket: Socket
  /** Resolves when so many bytes have come, to all that came. */
  received(byteCount: number): Promise<string>
  /** How the connection ended: by FIN, or the error's code. */
  readonly ended: Promise<string>
  readonly chunkCount: () => number
}

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource.close()
})

function observe(socket: Socket): Peer {
  const chunks: Buffer[] = []
  const text = () => Buffer.concat(chunks).toString('latin1')
  socket.on('data', (chunk) => chunks.push(chunk))
  return {
    socket,
    chunkCount: () => chunks.length,
    received: (byteCount) =>
      new Promise((resolve) => {
        const look = () => {
          if (text().length >= byteCount) resolve(text())
        }
        socket.on('data', look)
        look()
      }),
    ended: new Promise((resolve) => {
      socket.on('end', () => resolve('FIN'))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    }),
  }
}

/** A server whose end of the connection the test holds too. */
async function open(random?: () => number): Promise<{ proxy: FaultProxy; client: Peer; server: Peer; port: number }> {
  const listener: Server = createServer({ noDelay: true, allowHalfOpen: true })
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve))
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  opened.push({ close: () => new Promise((resolve) => listener.close(resolve)) })
  const proxy = await startFaultProxy({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port }, random)
  opened.push(proxy)
  const client = observe(connect({ host: proxy.host, port: proxy.port, noDelay: true, allowHalfOpen: true }))
  const server = observe(await accepted)
  opened.push({ close: () => [client, server].forEach(({ socket }) => void socket.destroy()) })
  return { proxy, client, server, port: proxy.port }
}

describe('startFaultProxy', () => {
  it('passes bytes on in both directions, in order, more than it holds at a time', async () => {
    const { client, server } = await open()
    const large = Buffer.alloc(3_000_000, 'abcdefghij')
    client.socket.write(large)
    server.socket.write('answer')
    expect(await server.received(large.length)).toBe(large.toString('latin1'))
    expect(await client.received(6)).toBe('answer')
  })

  it('delays chunks without changing their order', async () => {
    const delays = [1, 0, 0.5]
    const { proxy, client, server } = await open(() => delays.shift() ?? 0)
    proxy.set('toServer', { latencyMs: 20, jitterMs: 40 })
    const startedAt = performance.now()
    for (const letter of ['a', 'b', 'c']) {
      client.socket.write(letter)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await server.received(3)).toBe('abc')
    expect(performance.now() - startedAt).toBeGreaterThan(19)
  })

  it('cuts chunks into slices and keeps a rate', async () => {
    const { proxy, client, server } = await open()
    proxy.set('toServer', { sliceBytes: 1, bytesPerSecond: 200 })
    const startedAt = performance.now()
    client.socket.write('0123456789')
    expect(await server.received(10)).toBe('0123456789')
    expect(server.chunkCount()).toBe(10)
    expect(performance.now() - startedAt).toBeGreaterThan(40)
  })

  it('drops one direction while the other goes on', async () => {
    const { proxy, client, server } = await open()
    proxy.set('toClient', { drop: true })
    server.socket.write('lost')
    client.socket.write('asked')
    expect(await server.received(5)).toBe('asked')
    proxy.set('toClient', { drop: false })
    server.socket.write('heard')
    expect(await client.received(5)).toBe('heard')
  })

  it('is a black hole when both directions drop: nothing comes, nothing ends', async () => {
    const { proxy, client, server } = await open()
    proxy.set('toServer', { drop: true })
    proxy.set('toClient', { drop: true })
    const bothGone = Promise.all([proxy.when('toServer', 'into the dark'), proxy.when('toClient', 'nobody hears this')])
    client.socket.write('into the dark')
    server.socket.write('nobody hears this')
    await bothGone
    expect(proxy.connectionCount).toBe(1)
    expect([client.chunkCount(), server.chunkCount()]).toEqual([0, 0])
  })

  it('resets both ends', async () => {
    const { proxy, client, server } = await open()
    proxy.reset()
    expect(await Promise.all([client.ended, server.ended])).toEqual(['ECONNRESET', 'ECONNRESET'])
  })

  it('finishes both ends', async () => {
    const { proxy, client, server } = await open()
    proxy.finish()
    expect(await Promise.all([client.ended, server.ended])).toEqual(['FIN', 'FIN'])
  })

  it('passes on the end of one side, and what the other side still has to say', async () => {
    const { client, server } = await open()
    client.socket.end('last words')
    expect(await server.ended).toBe('FIN')
    server.socket.end('the answer')
    expect(await client.ended).toBe('FIN')
    expect(await client.received(10)).toBe('the answer')
  })

  it('passes on a reset', async () => {
    const { client, server } = await open()
    client.socket.write('x')
    await server.received(1)
    server.socket.resetAndDestroy()
    expect(await client.ended).toBe('ECONNRESET')
  })

  it('resets new connections while it refuses', async () => {
    const { proxy, port } = await open()
    proxy.refuse(true)
    const turnedAway = observe(connect({ host: '127.0.0.1', port }))
    expect(await turnedAway.ended).toMatch(/ECONNRESET|FIN/)
    expect(proxy.connectionCount).toBe(1)
  })

  it('reacts to a text once, before it is passed on, also where two chunks share it', async () => {
    const { proxy, client, server } = await open()
    const seen: string[] = []
    const passed = proxy.when('toServer', 'COMMIT', () => {
      seen.push('COMMIT')
      proxy.set('toServer', { drop: true })
    })
    client.socket.write('com')
    await server.received(3)
    client.socket.write('mit')
    await passed
    proxy.set('toServer', { drop: false })
    client.socket.write('commit')
    expect(await server.received(9)).toBe('comcommit')
    expect(seen).toEqual(['COMMIT'])
  })

  it('rewrites a text of the same length', async () => {
    const { proxy, client, server } = await open()
    proxy.rewrite('toServer', 'ROLLBACK', 'ROLLBACX')
    client.socket.write('<rollback>')
    expect(await server.received(10)).toBe('<ROLLBACX>')
    expect(() => proxy.rewrite('toServer', 'a', 'bc')).toThrow(RangeError)
  })

  it('passes a failing server on as a reset', async () => {
    const proxy = await startFaultProxy({ path: '/nonexistent/socket' })
    opened.push(proxy)
    const client = observe(connect({ host: proxy.host, port: proxy.port }))
    expect(await client.ended).toBe('ECONNRESET')
  })
})
