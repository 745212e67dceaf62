import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Whom the server runs as; empty = as this process. */
export interface ServerUser {
  readonly uid?: number
  readonly gid?: number
}

const overflowId = 65534

/** PostgreSQL refuses to run as root: then it is the first of these users that exists, else the id that belongs to no one. */
export async function unprivilegedUser(names: readonly string[] = ['postgres', 'nobody']): Promise<ServerUser> {
  if (process.geteuid?.() !== 0) return {}
  for (const name of names) {
    const user = await userIds(name)
    if (user) return user
  }
  return { uid: overflowId, gid: overflowId }
}

async function userIds(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([readId('-u', name), readId('-g', name)])
    return { uid, gid }
  } catch {
    return undefined
  }
}

async function readId(flag: string, name: string): Promise<number> {
  const { stdout } = await promisify(execFile)('id', [flag, name])
  return Number(stdout)
}
