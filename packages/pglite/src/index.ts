export { createPgliteSession } from './create-pglite-session.ts'
export type { PgliteDatabase, PgliteResult, PgliteStatements } from './pglite-database.ts'
