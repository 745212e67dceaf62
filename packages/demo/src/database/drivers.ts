import type { Driver } from './database.ts'
import { openNodePg } from './open-node-pg.ts'
import { openPglite } from './open-pglite.ts'
import { openPostgresJs } from './open-postgres-js.ts'

export const drivers = {
  'node-pg': openNodePg,
  'postgres-js': openPostgresJs,
  pglite: openPglite,
} as const satisfies Record<string, Driver>
