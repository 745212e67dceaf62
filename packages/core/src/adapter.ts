export { createSession, discardConnection, readPools, registerPool } from './adapter-functions.ts'
export { isConnectionFatal } from './errors/connection-fatal.ts'
export { createTallyError, type PgTallyError, type TallyErrorCode } from './errors/tally-error.ts'
export type { NamedPool } from './session/pools.ts'
export type {
  Session,
  SessionCapabilities,
  TransactionOptions,
} from './session/session.ts'
export type {
  DriverCall,
  DriverCursor,
  DriverPool,
  DriverResult,
  DriverStatement,
  DriverTransaction,
  PendingStatement,
  PoolNumbers,
  SessionDriver,
  TransactionEnd,
  TransactionVerdict,
} from './session/session-driver.ts'
export { type SqlStatement, splitStatements } from './sql/statements.ts'
