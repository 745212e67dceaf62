import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerUser } from './unprivileged-user.ts'

/** The longest path of a socket: 107 bytes on Linux, 103 on macOS. */
const socketPathLimit = 103

/**
 * Makes the folder that holds all of one server (data, socket, copied binaries). mkdtemp gives it mode 0700, so only its
 * owner and root get at the socket.
 */
export async function makeServerDirectory({ uid, gid }: ServerUser): Promise<string> {
  const directory = await mkdtemp(join(temporaryDirectory(), 'pgt-'))
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid)
  return directory
}

export async function removeServerDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}

export function dataDirectory(serverDirectory: string): string {
  return join(serverDirectory, 'data')
}

/** Written by the server: its 8th line says `ready`, and it vanishes when the server has ended. */
export function pidFile(serverDirectory: string): string {
  return join(dataDirectory(serverDirectory), 'postmaster.pid')
}

function temporaryDirectory(): string {
  const socketPath = join(tmpdir(), 'pgt-XXXXXX', '.s.PGSQL.65535')
  return Buffer.byteLength(socketPath) > socketPathLimit ? '/tmp' : tmpdir()
}
