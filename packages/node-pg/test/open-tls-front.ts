import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

const sslRequestLength = 8

/** A way to the server that takes TLS only, without a certificate: what is sent in clear is counted and dropped. */
export const openTlsFront = async (target: { readonly host: string; readonly port: number }) => {
  const ciphers = 'aNULL:@SECLEVEL=0'
  const sockets = new Set<Socket>()
  let encrypted = 0
  let plain = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', (first) => {
      if (first.length !== sslRequestLength) {
        plain += 1
        socket.destroy()
        return
      }
      encrypted += 1
      socket.write('S')
      const secure = new TLSSocket(socket, { isServer: true, ciphers, maxVersion: 'TLSv1.2' })
      const inner = connect(target.port, target.host)
      sockets.add(inner)
      for (const side of [secure, inner]) side.on('error', () => {})
      secure.pipe(inner).pipe(secure)
      socket.on('close', () => inner.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    clientOptions: { ciphers, maxVersion: 'TLSv1.2', rejectUnauthorized: false } as const,
    encryptedCount: () => encrypted,
    plainCount: () => plain,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
