import type { Duplex } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createTallyError } from '@pgtally/core/adapter'

/**
 * For COPY … FROM STDIN and COPY … TO STDOUT postgres.js gives a stream, and the connection is the stream's until its end. Ends it, and
 * resolves to what the statement is to reject with.
 */
export const endCopy = async (stream: unknown): Promise<Error> => {
  const copy = stream as Duplex
  const end = finished(copy).catch(() => {})
  if (copy.readable) {
    copy.resume()
    await end
    wakeSocket(copy)
  } else {
    copy.destroy(new Error('COPY FROM STDIN has no data.'))
    await end
  }
  return createTallyError(
    'PGTALLY_INVALID_OPTION',
    'text: COPY from stdin and to stdout have no place in a Session. Use the driver itself: sql`copy …`.writable() or .readable().',
  )
}

/** postgres.js pauses its socket when the stream is full and resumes it when the stream is read, which has ended with the last row. */
const wakeSocket = (copy: Duplex): void => {
  try {
    copy._read(0)
  } catch {
    // The connection is lost, and with it the socket.
  }
}
