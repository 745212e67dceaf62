import { startPostgres } from '@pgtally/throwaway-postgres'

export interface Server {
  readonly connectionString: string
  readonly description: string
  readonly keepsData: boolean
  /** Resolves when a server that we started is gone, files included. */
  stop(): Promise<void>
}

/** The user's own server, or a throw-away one. */
export const openServer = async (databaseUrl: string | undefined): Promise<Server> => {
  if (databaseUrl !== undefined) {
    return { connectionString: databaseUrl, description: 'your database', keepsData: true, stop: async () => {} }
  }
  const server = await startPostgres({ settings: { shared_buffers: '128MB' } })
  return {
    // It speaks no TLS, whatever PGSSLMODE says about the user's other servers.
    connectionString: `${server.connectionString}?sslmode=disable`,
    description: `a throw-away PostgreSQL ${server.major}`,
    keepsData: false,
    stop: () => server.stop(),
  }
}
