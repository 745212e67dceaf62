import { createTallyError } from '@pgtally/core/adapter'

const isFunction = (value: unknown): boolean => typeof value === 'function'

/**
 * Before 3.4.8 postgres.js tells of a statement's end while the server is still busy with it, and before 3.4.2 it does not tell that
 * a transaction has lost its connection. An option that 3.4.8 brought tells them apart.
 *
 * @throws PGTALLY_INVALID_OPTION for an older one, and for what is not the `sql` that `postgres()` returned
 */
export const requireSupportedSql = (sql: unknown): void => {
  const given = isFunction(sql) ? (sql as Readonly<Record<string, unknown>>) : {}
  const { options } = given
  if (!isFunction(given.unsafe) || !isFunction(given.begin) || typeof options !== 'object' || options === null) {
    throw createTallyError(
      'PGTALLY_INVALID_OPTION',
      'sql: what postgres() returned is needed. The sql of a transaction, or that of sql.reserve(), has no transactions of its own.',
    )
  }
  if (!isFunction(given.reserve) || !('sslnegotiation' in options)) {
    throw createTallyError(
      'PGTALLY_INVALID_OPTION',
      'The installed postgres is too old: a transaction that loses its connection would end the process. Install one that is supported: npm install postgres@^3.4.8',
    )
  }
}
