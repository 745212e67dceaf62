import { kernel } from './kernel.ts'
import type { NamedPool } from './session/pools.ts'
import type { Session } from './session/session.ts'
import type { DriverPool, SessionDriver } from './session/session-driver.ts'

/** Makes a Session of a driver: what an adapter returns to its user. */
export const createSession = (driver: SessionDriver): Session => kernel().createSession(driver)

/**
 * At the end of this transaction its connection is destroyed, not returned: for whoever left something on it that a rollback does not
 * undo. Nothing where there is only one backend, or no transaction.
 */
export const discardConnection = (transactionSession: Session): void => kernel().discardConnection(transactionSession)

/** Publishes a pool's numbers. One name per pool object: the first, numbered where another pool has it. */
export const registerPool = (pool: DriverPool): void => kernel().pools.register(pool)

/** The pools whose numbers are published, for exporters. */
export const readPools = (): NamedPool[] => kernel().pools.read()
