import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPostgresJsSession } from '../src/index.ts'
import { openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())

it('keeps nothing of transactions that are over, though the callback of sql.begin never settles', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const session = createPostgresJsSession(database.openSql({ max: 3 }))
  const run = async (count: number) => {
    for (let done = 0; done < count; done += 3) {
      await Promise.allSettled(
        ['commit', 'throw', 'swallow'].map((how) =>
          session.transaction(async (transaction) => {
            const kept = Array.from({ length: 200 }, (_, index) => index + done)
            await transaction.query('select $1::int', [kept[0]])
            if (how === 'throw') throw kept
            if (how === 'swallow') await transaction.query('select 1 / 0').catch(() => {})
            return kept
          }),
        ),
      )
    }
    collect()
    return process.memoryUsage().heapUsed
  }
  await run(300)
  const before = await run(300)
  // A leak would be 1.6 kB each at least.
  expect((await run(3000)) - before).toBeLessThan(2_000_000)
})
