import { openTestDatabase, type RunStatement, type TestDatabase } from '@pgtally/throwaway-postgres'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDemo } from './demo-process.ts'

describe('the demo on a database of one’s own', () => {
  const run: RunStatement = async (connectionString, statement) => {
    const client = new Client({ connectionString })
    await client.connect()
    try {
      return (await client.query(statement)).rows
    } finally {
      await client.end()
    }
  }
  const schemas = async () =>
    run(database.connectionString, `select nspname from pg_namespace where nspname like 'pgtally%'`)
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase({ run })
    await run(database.connectionString, 'create table customers (id int); insert into customers values (1)')
  })
  afterAll(() => database.drop())

  it('works in a schema of its own, drops it when it is interrupted, and touches nothing else', async () => {
    const demo = await startDemo('--seconds', '600', '--database-url', database.connectionString)
    await demo.printed(/load begin/)
    expect(await schemas()).toEqual([{ nspname: expect.stringMatching(/^pgtally_demo_[0-9a-f]{12}$/) }])
    demo.kill('SIGINT')
    expect((await demo.ended).code).toBe(130)
    expect(await schemas()).toEqual([])
    expect(await run(database.connectionString, 'select id from customers')).toEqual([{ id: 1 }])
    await demo.leftNothing()
  })

  it('says what is left to drop when it has no time to do it', async () => {
    const demo = await startDemo('--seconds', '600', '--database-url', database.connectionString)
    await demo.printed(/load begin/)
    const locker = new Client({ connectionString: database.connectionString })
    await locker.connect()
    const [{ nspname }] = (await schemas()) as [{ nspname: string }]
    await locker.query(`begin; lock table ${nspname}.customers in access share mode`)
    demo.kill('SIGINT')
    await demo.printed(/Who waited|Nothing to report/)
    demo.kill('SIGTERM')
    const { code, stderr } = await demo.ended
    expect(code).toBe(130)
    expect(stderr).toContain(`drop schema if exists ${nspname} cascade`)
    await locker.end()
    await run(database.connectionString, `drop schema ${nspname} cascade`)
    await demo.leftNothing()
  })

  it('fails with the kind of the error, and without the address, where it cannot connect', async () => {
    const demo = await startDemo('--database-url', 'postgres://somebody:secret@127.0.0.1:1/shop')
    const { code, stderr } = await demo.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/The demo failed on the database of --database-url: connection_failed\n$/)
    expect(stderr).not.toContain('secret')
    await demo.leftNothing()
  })
})
