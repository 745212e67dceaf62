import { createTallyError, type SessionDriver } from '@pgtally/core/adapter'
import { createClientDriver } from './client-driver.ts'
import type { PgClient, PgPool } from './pg-client.ts'
import { createPoolDriver } from './pool-driver.ts'
import { poolFacts } from './pool-facts.ts'
import { requireSupportedPg } from './require-supported-pg.ts'

const drivers = new WeakMap<PgPool | PgClient, SessionDriver>()

/**
 * The driver of a pool or client: one per object, so that two Sessions over one client know of each other's transactions.
 *
 * @throws PGTALLY_INVALID_OPTION for anything else, and for a `pg` that is too old
 */
export const driverOf = (target: PgPool | PgClient, poolName: string | undefined): SessionDriver => {
  if (isPool(target)) {
    requireSupportedPg((target as { readonly Client?: unknown }).Client)
    const facts = poolFacts(target, poolName)
    return remember(target, () => createPoolDriver(target, facts))
  }
  if (typeof (target as Partial<PgClient> | undefined)?.query !== 'function') {
    throw createTallyError('PGTALLY_INVALID_OPTION', 'A Pool, Client or PoolClient of pg is needed.')
  }
  if (poolName !== undefined) {
    throw createTallyError('PGTALLY_INVALID_OPTION', 'poolName: only a Pool has a name.')
  }
  requireSupportedPg(target.constructor)
  return remember(target, () => createClientDriver(target))
}

const isPool = (target: PgPool | PgClient | null | undefined): target is PgPool =>
  typeof target === 'object' && target !== null && 'totalCount' in target && 'options' in target

const remember = <Target extends PgPool | PgClient>(target: Target, create: () => SessionDriver): SessionDriver => {
  const driver = drivers.get(target) ?? create()
  drivers.set(target, driver)
  return driver
}
