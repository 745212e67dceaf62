import { createTallyError } from '@pgtally/core/adapter'

const install = 'Install one that is supported: npm install pg@^8.12'

/**
 * `pg` before 8.12 ignores `queryMode: 'extended'`, so `singleStatement` would run a second statement. Its `Query` class tells:
 * a query of that mode must ask for a prepared statement.
 *
 * @throws PGTALLY_INVALID_OPTION for an older `pg`, its native bindings, or a client of something else
 */
export const requireSupportedPg = (clientClass: unknown): void => {
  const Query = (clientClass as { readonly Query?: unknown } | undefined)?.Query
  if (typeof Query !== 'function' || typeof Query.prototype?.requiresPreparation !== 'function') {
    throw createTallyError(
      'PGTALLY_INVALID_OPTION',
      'pool or client: a Pool, Client or PoolClient of pg is needed (its JavaScript client; pg-native is not supported).',
    )
  }
  const query = new (Query as new (config: object) => { requiresPreparation(): boolean })({
    text: '',
    queryMode: 'extended',
  })
  if (!query.requiresPreparation()) {
    throw createTallyError(
      'PGTALLY_INVALID_OPTION',
      `The installed pg is too old: before 8.12 it cannot refuse a second statement in one text. ${install}`,
    )
  }
}
