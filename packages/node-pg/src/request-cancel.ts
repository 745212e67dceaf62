import { internalsOf, type PgClient, type PgWire } from './pg-client.ts'

const answerWithinMs = 2000

type WireClass = new (config: { ssl: unknown; sslNegotiation: string | undefined; stream: unknown }) => PgWire

/**
 * Asks the server to cancel what the client's backend is running, over a connection of its own as the protocol demands; it needs no
 * password and no place in a pool. Resolves when the server has taken the request, or never will: to false where a request may
 * still be on its way. Never rejects.
 *
 * `pg`'s own `client.cancel` sends the request in clear even where the connection uses TLS, keeps its socket, and warns of deprecation.
 */
export const requestCancel = async (client: PgClient, openStream: unknown): Promise<boolean> => {
  const { connection, host, port, processID, secretKey } = internalsOf(client)
  if (connection === undefined || typeof processID !== 'number' || typeof secretKey !== 'number') return true
  const { ssl, sslNegotiation } = connection
  let sent = false
  let wire: PgWire | undefined
  try {
    const Wire = connection.constructor as WireClass
    // A ready-made stream is the client's own; only a function opens another.
    const stream = typeof openStream === 'function' ? openStream : undefined
    const opened = new Wire({ ssl, sslNegotiation, stream })
    wire = opened
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(!sent), answerWithinMs)
      const over = () => {
        clearTimeout(timer)
        resolve(true)
      }
      const send = () => {
        opened.cancel(processID, secretKey)
        sent = true
      }
      opened.on('error', over)
      opened.on('end', over)
      opened.on('connect', () => {
        if (!ssl) send()
        else if (sslNegotiation !== 'direct') opened.requestSsl()
      })
      opened.on('sslconnect', send)
      if (host?.startsWith('/')) opened.connect(`${host}/.s.PGSQL.${port}`)
      else opened.connect(port ?? 5432, host)
    })
  } catch {
    return true
  } finally {
    wire?.stream.destroy()
  }
}
