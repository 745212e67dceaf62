import type { PgPoolOptions } from './pg-client.ts'

/** What a connection string that cannot be read with certainty is called: a part of it might be a part of the password. */
const unnamed = 'postgres'

/** `host:port/database` of what a pool connects to, from its options, or from the environment as `pg` does. Holds no user and no password. */
export const defaultPoolName = (options: PgPoolOptions): string => {
  const address = options.connectionString === undefined ? {} : readAddress(options.connectionString)
  if (address === undefined) return unnamed
  const { PGHOST, PGPORT, PGDATABASE } = process.env
  const host = address.host || options.host || PGHOST || 'localhost'
  const port = address.port || options.port || PGPORT || 5432
  const database = address.database || options.database || PGDATABASE
  return `${host}:${port}${database ? `/${database}` : ''}`
}

interface Address {
  readonly host?: string | null
  readonly port?: string | null
  readonly database?: string
}

const readAddress = (connectionString: string): Address | undefined => {
  try {
    // A socket's folder as such, with the database behind a space, is a form of pg's too.
    if (connectionString.startsWith('/')) {
      const [host, database] = connectionString.split(' ')
      return { ...(host === undefined ? {} : { host }), ...(database === undefined ? {} : { database }) }
    }
    // An authority with a user but no host is allowed there, but in no URL.
    const hostless = /^(\w+:\/\/[^/@]*@)\//.exec(connectionString)
    const url = new URL(hostless ? connectionString.replace('@/', '@localhost/') : connectionString)
    const afterAuthority = `${url.pathname}${url.search}${url.hash}`
    // An unescaped @, / or ? in a password moves the borders.
    if (afterAuthority.includes('@') || (connectionString.includes('@') && url.username === '')) return undefined
    return {
      host: url.searchParams.get('host') || (hostless ? null : decodeURIComponent(url.hostname)),
      port: url.searchParams.get('port') || url.port,
      database: decodeURIComponent(url.pathname.slice(1)),
    }
  } catch {
    return undefined
  }
}
