import { PGlite } from '@electric-sql/pglite'
import { createPgliteSession } from '@pgtally/pglite'
import type { Driver } from './database.ts'

export const openPglite: Driver = async ({ schema }) => {
  const database = await PGlite.create()
  await database.exec(`set search_path = ${schema}`)
  return {
    session: createPgliteSession(database),
    description: 'PGlite, an embedded PostgreSQL 18',
    keepsData: false,
    close: () => database.close(),
    // It lives in this process, and ends with it.
    abandon: () => {},
  }
}
