import type { Driver } from './database.ts'
import { openNodePg } from './open-node-pg.ts'

export const drivers = { 'node-pg': openNodePg } as const satisfies Record<string, Driver>
