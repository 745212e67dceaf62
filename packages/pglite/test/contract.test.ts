import { PGlite } from '@electric-sql/pglite'
import { boundHarness, describeSessionContract, type OpenHarness } from '@pgtally/session-contract'
import { afterAll, beforeAll, expect } from 'vitest'
import { createPgliteSession } from '../src/index.ts'

let db: PGlite
beforeAll(async () => {
  db = await PGlite.create()
})
afterAll(() => db.close())

/** What could be changed on the user's object. */
const readObject = () => [
  db.closed,
  db.isInTransaction(),
  ...['query', 'exec', 'transaction', 'execProtocol', 'execProtocolStream'].map((name) => Reflect.get(db, name)),
  ...Object.values(db.parsers),
  ...Object.values(db.serializers),
  ...Reflect.ownKeys(db),
]

const openHarness: OpenHarness = async () => {
  const before = readObject()
  return {
    session: createPgliteSession(db),
    verify: async (text) => (await db.query<Record<string, unknown>>(text)).rows,
    leaks: () => {
      const after = readObject()
      return after.length === before.length && after.every((value, index) => Object.is(value, before[index]))
        ? []
        : ['the PGlite is not what it was']
    },
    async close() {
      // The unnamed one is that of this very statement.
      expect((await db.query(`select name from pg_cursors where name <> ''`)).rows).toEqual([])
      // All laws share this database, and one of them keeps a setting, a lock and more.
      await db.exec('discard all')
    },
  }
}

describeSessionContract('PGlite', openHarness, { database: 'embedded' })
describeSessionContract('PGlite in a tracked call', boundHarness(openHarness), { database: 'embedded' })
