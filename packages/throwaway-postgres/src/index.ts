export {
  openTestDatabase,
  type RunStatement,
  type TestDatabase,
  type TestDatabaseOptions,
} from './open-test-database.ts'
export type { PostgresMajor } from './postgres-major.ts'
export type { ServerSettings } from './server-settings.ts'
export { type PostgresServer, type StartPostgresOptions, startPostgres } from './start-postgres.ts'
export { testMajors } from './test-majors.ts'
