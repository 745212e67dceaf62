import type { SessionDriver } from '@pgtally/core/adapter'
import { createConnectionGate } from './connection-gate.ts'
import { createPoolFacts, type PoolFacts } from './pool-facts.ts'
import { createPostgresJsDriver } from './postgres-js-driver.ts'
import { openSql, type PostgresSql } from './postgres-sql.ts'
import { requireSupportedSql } from './require-supported-sql.ts'

const known = new WeakMap<PostgresSql, { readonly driver: SessionDriver; readonly facts: PoolFacts }>()

/**
 * One driver per `sql`, so that two Sessions over it share its connections.
 *
 * @throws PGTALLY_INVALID_OPTION for anything else, for a postgres.js that is too old, and for a second name
 */
export const driverOf = (sql: PostgresSql, poolName: string | undefined): SessionDriver => {
  requireSupportedSql(sql)
  const { driver, facts } = known.get(sql) ?? remember(sql)
  facts.name(poolName)
  return driver
}

const remember = (sql: PostgresSql) => {
  const gate = createConnectionGate(Number(sql.options.max))
  const facts = createPoolFacts(sql, gate)
  const made = { driver: createPostgresJsDriver(openSql(sql), gate, facts), facts }
  known.set(sql, made)
  return made
}
