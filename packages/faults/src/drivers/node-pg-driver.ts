import { createNodePgSession } from '@pgtally/node-pg'
import { watchPgPool } from '@pgtally/session-contract'
import { Client, Pool } from 'pg'
import { addressOf, applicationName, type FaultDriver } from './fault-driver.ts'

export const nodePgDriver: FaultDriver = {
  name: 'node-pg',
  limitsPoolWait: true,
  passesLastWord: true,
  open(options) {
    const settings = Object.entries(options.settings ?? {}).map(([name, value]) => `-c ${name}=${value}`)
    const pool = new Pool({
      connectionString: addressOf(options),
      application_name: applicationName,
      max: options.max,
      ...(settings.length > 0 ? { options: settings.join(' ') } : {}),
      ...(options.connectTimeoutMs === undefined ? {} : { connectionTimeoutMillis: options.connectTimeoutMs }),
    })
    pool.on('error', () => {})
    const watched = watchPgPool(pool)
    return { session: createNodePgSession(pool), leaks: watched.leaks, close: () => pool.end() }
  },
  openBare(connectionString) {
    return async ([first, second], meanwhile) => {
      const client = new Client({ connectionString, application_name: applicationName })
      await client.connect()
      await client.query('begin')
      await client.query(first)
      await meanwhile()
      await client.query(second)
      await client.query('commit')
      await client.end()
    }
  },
}
