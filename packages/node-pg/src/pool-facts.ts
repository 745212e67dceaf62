import { createTallyError, type DriverPool } from '@pgtally/core/adapter'
import { defaultPoolName } from './default-pool-name.ts'
import type { PgPool } from './pg-client.ts'

interface NamedPool {
  readonly facts: DriverPool
  given: string | undefined
}

const pools = new WeakMap<PgPool, NamedPool>()

/**
 * A pool's name and numbers: one object per pool, whoever asks.
 *
 * @throws PGTALLY_INVALID_OPTION for a name that is no text, or another than the pool was given before
 */
export const poolFacts = (pool: PgPool, poolName: string | undefined): DriverPool => {
  if (poolName !== undefined && (typeof poolName !== 'string' || poolName.trim() === '')) {
    throw createTallyError('PGTALLY_INVALID_OPTION', 'poolName: a text that is not empty is needed.')
  }
  const known = pools.get(pool) ?? describe(pool)
  if (poolName !== undefined) {
    if (known.given !== undefined && known.given !== poolName) {
      throw createTallyError(
        'PGTALLY_INVALID_OPTION',
        'poolName: this pool was given another name before; use one name.',
      )
    }
    known.given = poolName
  }
  return known.facts
}

const describe = (pool: PgPool): NamedPool => {
  const byDefault = defaultPoolName(pool.options)
  const known: NamedPool = {
    given: undefined,
    facts: {
      pool,
      get name() {
        return known.given ?? byDefault
      },
      read: () => ({
        used: pool.totalCount - pool.idleCount,
        idle: pool.idleCount,
        pending: pool.waitingCount,
        limit: pool.options.max,
      }),
    },
  }
  pools.set(pool, known)
  return known
}
