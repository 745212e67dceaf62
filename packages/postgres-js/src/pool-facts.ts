import { createTallyError, type DriverPool } from '@pgtally/core/adapter'
import type { ConnectionGate } from './connection-gate.ts'
import type { PostgresOptions, PostgresSql } from './postgres-sql.ts'

/** The numbers of what goes through pgtally: postgres.js tells nothing of its connections. */
export interface PoolFacts {
  readonly pool: DriverPool
  /** @throws PGTALLY_INVALID_OPTION for a name that is no text, and for another than was given before */
  name(poolName: string | undefined): void
}

export const createPoolFacts = (sql: PostgresSql, gate: ConnectionGate): PoolFacts => {
  const byDefault = defaultName(sql.options)
  let given: string | undefined
  return {
    pool: {
      pool: sql,
      get name() {
        return given ?? byDefault
      },
      read: () => ({ used: gate.used, idle: undefined, pending: gate.pending, limit: gate.limit }),
    },
    name(poolName) {
      if (poolName === undefined) return
      if (typeof poolName !== 'string' || poolName.trim() === '') {
        throw createTallyError('PGTALLY_INVALID_OPTION', 'poolName: a text that is not empty is needed.')
      }
      if (given !== undefined && given !== poolName) {
        const message = 'poolName: this sql was given another name before; use one name.'
        throw createTallyError('PGTALLY_INVALID_OPTION', message)
      }
      given = poolName
    },
  }
}

const defaultName = ({ host, port, database }: PostgresOptions): string =>
  `${host[0] ?? 'localhost'}:${port[0] ?? 5432}/${database}`
