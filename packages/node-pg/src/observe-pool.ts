import { createTallyError, registerPool } from '@pgtally/core/adapter'
import type { PgPool } from './pg-client.ts'
import { poolFacts } from './pool-facts.ts'

export interface ObservePoolOptions {
  /** Name of the pool in metrics; `host:port/database` if not given, numbered where two pools share it. One per pool object. */
  readonly poolName?: string
}

/**
 * Publishes a pool's numbers (used, idle, waiting callers, limit) before the first tracked call does. They are read when metrics
 * are collected; nothing is added to the pool.
 *
 * @throws `PGTALLY_INVALID_OPTION` for what is no pool, and for a second name for the same pool
 */
export const observePool = (pool: PgPool, options: ObservePoolOptions = {}): void => {
  if (typeof pool?.totalCount !== 'number') {
    throw createTallyError('PGTALLY_INVALID_OPTION', 'pool: a Pool of pg is needed.')
  }
  registerPool(poolFacts(pool, options.poolName))
}
