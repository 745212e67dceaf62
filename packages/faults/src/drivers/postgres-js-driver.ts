import { readPools } from '@pgtally/core/adapter'
import { createPostgresJsSession } from '@pgtally/postgres-js'
import postgres from 'postgres'
import { addressOf, applicationName, type FaultDriver } from './fault-driver.ts'

let opened = 0

export const postgresJsDriver: FaultDriver = {
  name: 'postgres-js',
  limitsPoolWait: false,
  passesLastWord: false,
  open(options) {
    const sql = postgres(addressOf(options), {
      max: options.max,
      onnotice() {},
      // A connection that is lost while postgres.js asks it for the array types ends the process.
      fetch_types: false,
      connection: { application_name: applicationName, ...options.settings },
      ...(options.reconnectDelayMs === undefined ? {} : { backoff: () => (options.reconnectDelayMs ?? 0) / 1000 }),
      ...(options.connectTimeoutMs === undefined ? {} : { connect_timeout: options.connectTimeoutMs / 1000 }),
    })
    const before = Object.entries(sql.options)
    opened += 1
    const poolName = `faults ${opened}`
    const session = createPostgresJsSession(sql, { poolName })
    return {
      session,
      leaks() {
        const leaks: string[] = []
        const now: Readonly<Record<string, unknown>> = { ...sql.options }
        for (const [name, value] of before) if (now[name] !== value) leaks.push(`the option ${name} was changed`)
        const numbers = readPools()
          .find((pool) => pool.poolName === poolName)
          ?.read()
        if (numbers === undefined) return leaks
        if (numbers.used > 0) leaks.push(`${numbers.used} connections are taken`)
        if (numbers.pending > 0) leaks.push(`${numbers.pending} callers wait for a connection`)
        return leaks
      },
      // Without a time limit it waits for statements that were lost with their connection.
      close: () => sql.end({ timeout: 0 }),
    }
  },
  openBare(connectionString) {
    const sql = postgres(connectionString, {
      max: 1,
      onnotice() {},
      connection: { application_name: applicationName },
    })
    return async ([first, second], meanwhile) => {
      await sql.begin(async (transaction) => {
        await transaction.unsafe(first)
        await meanwhile()
        await transaction.unsafe(second)
      })
    }
  },
}
