import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openTestDatabase, startPostgres } from '../src/index.ts'
import { leftovers, makeTemporaryDirectory, removeTemporaryDirectory } from './leftovers.ts'
import { readValue, runStatement } from './run-statement.ts'

const run = runStatement
const databases = `select count(*)::int from pg_database where datname like 'pgtally_test_%'`
let temporaryDirectory: string

beforeEach(() => {
  temporaryDirectory = makeTemporaryDirectory()
  vi.stubEnv('TMPDIR', temporaryDirectory)
  vi.stubEnv('PGTALLY_TEST_DATABASE_URL', undefined)
})

afterEach(() => {
  const left = leftovers(temporaryDirectory)
  vi.unstubAllEnvs()
  removeTemporaryDirectory(temporaryDirectory)
  expect(left).toEqual([])
})

it('makes databases on one throw-away server, which stops with the last of them', async () => {
  const [first, second] = await Promise.all([openTestDatabase({ run }), openTestDatabase({ run })])
  expect(first.major).toBe(18)
  const [firstUrl, secondUrl] = [new URL(first.connectionString), new URL(second.connectionString)]
  expect(firstUrl.host).toBe(secondUrl.host)
  expect(firstUrl.pathname).not.toBe(secondUrl.pathname)
  await run(first.connectionString, 'create table only_here ()')
  expect(await readValue(second.connectionString, `select to_regclass('only_here')`)).toBeNull()
  await Promise.all([first.drop(), first.drop()])
  expect(await readValue(second.connectionString, databases)).toBe(1)
  await second.drop()
  expect(leftovers(temporaryDirectory)).toEqual([])
})

it('stops the throw-away server when the database could not be made, with the very error of the driver', async () => {
  const failure = new Error('no such thing')
  const failing = async () => {
    throw failure
  }
  await expect(openTestDatabase({ run: failing })).rejects.toBe(failure)
  expect(leftovers(temporaryDirectory)).toEqual([])
})

it('makes and removes its database on the server of PGTALLY_TEST_DATABASE_URL', async () => {
  const server = await startPostgres()
  try {
    vi.stubEnv('PGTALLY_TEST_DATABASE_URL', server.connectionString)
    const database = await openTestDatabase({ run, major: 15, suffix: 'seed_42' })
    expect(database.major).toBe(18)
    expect(database.connectionString).toBe(server.connectionString.replace(/postgres$/, 'pgtally_test_seed_42'))
    expect(
      await readValue(
        database.connectionString,
        `select datcollate from pg_database where datname = current_database()`,
      ),
    ).toBe('C')
    await expect(openTestDatabase({ run, suffix: 'seed_42' })).rejects.toMatchObject({ code: '42P04' })
    await database.drop()
    await database.drop()
    expect(await readValue(server.connectionString, databases)).toBe(0)
  } finally {
    await server.stop()
  }
})

it.each(['not a url with hunter2', 'mysql://root:hunter2@localhost/test'])(
  'does not print an address that it cannot use',
  async (url) => {
    vi.stubEnv('PGTALLY_TEST_DATABASE_URL', url)
    const failure = await openTestDatabase({ run }).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({
      code: 'PGTALLY_INVALID_OPTION',
      message: expect.stringContaining('PGTALLY_TEST_DATABASE_URL'),
    })
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('hunter2')
  },
)

it('refuses a suffix that is no part of a name', async () => {
  await expect(openTestDatabase({ run, suffix: 'x"; drop' })).rejects.toMatchObject({ code: 'PGTALLY_INVALID_OPTION' })
})
