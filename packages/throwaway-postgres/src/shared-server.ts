import type { PostgresMajor } from './postgres-major.ts'
import { type PostgresServer, startPostgres } from './start-postgres.ts'

interface SharedServer {
  readonly started: Promise<PostgresServer>
  users: number
}

const shared = new Map<PostgresMajor, SharedServer>()

/** The one server of a major version in this process: started for its first user, stopped after its last. */
export async function acquireServer(major: PostgresMajor): Promise<PostgresServer> {
  const entry = shared.get(major) ?? { started: startPostgres({ major }), users: 0 }
  shared.set(major, entry)
  entry.users += 1
  try {
    return await entry.started
  } catch (error) {
    if (shared.get(major) === entry) shared.delete(major)
    throw error
  }
}

export async function releaseServer(server: PostgresServer): Promise<void> {
  const entry = shared.get(server.major)
  if (entry === undefined) return
  entry.users -= 1
  if (entry.users > 0) return
  shared.delete(server.major)
  await server.stop()
}
