import type { Session } from '@pgtally/core'
import { createSession, createTallyError, type SessionDriver } from '@pgtally/core/adapter'
import type { PgliteDatabase } from './pglite-database.ts'
import { createPgliteDriver } from './pglite-driver.ts'

/** One per database, so that two Sessions over it share one queue. */
const drivers = new WeakMap<PgliteDatabase, SessionDriver>()

/**
 * A Session over a `PGlite` of `@electric-sql/pglite` 0.5.14 or later. Nothing of it is changed, and it is never closed.
 *
 * There is one backend: while a transaction is open, other transactions and what is sent on the Session itself wait for its end. Sent and
 * awaited by the transaction's own work, they wait for ever: inside `work` use the Session that it is given. A `signal` ends such a wait.
 *
 * @throws `PGTALLY_INVALID_OPTION` for anything else, a `Transaction` of PGlite's among it
 */
export const createPgliteSession = (db: PgliteDatabase): Session => createSession(driverOf(db))

const driverOf = (db: PgliteDatabase): SessionDriver => {
  const known = drivers.get(db)
  if (known !== undefined) return known
  if (!isDatabase(db)) {
    throw createTallyError('PGTALLY_INVALID_OPTION', 'A PGlite is needed: `await PGlite.create()`, or `new PGlite()`.')
  }
  const driver = createPgliteDriver(db)
  drivers.set(db, driver)
  return driver
}

const isDatabase = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (['query', 'exec', 'transaction'] as const).every(
    (method) => typeof (value as Partial<PgliteDatabase>)[method] === 'function',
  )
