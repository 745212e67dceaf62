import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

const program = fileURLToPath(new URL('transaction-program.ts', import.meta.url))
const [major = 18] = testMajors()
let server: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  server = await startPostgres({ major })
  await look('create table escaped (id int)')
})
afterAll(() => server.stop())

/** A server whose backend was killed starts over, and refuses connections meanwhile. */
const look = (text: string) =>
  vi.waitFor(async () => {
    const client = new pg.Client({ connectionString: server.connectionString })
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }, 10_000)

const runProgram = (...options: string[]) =>
  new Promise<{ code: number | null; output: string; errors: string }>((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@pgtally/source', '--import', 'tsx', program, server.connectionString, ...options],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (errors += chunk))
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output, errors })
    })
  })

const ways = ['ended', 'killed'].flatMap((how) => ['active', 'idle', 'between'].map((when) => [how, when] as const))

it.each(ways)(
  'lives where its transaction’s backend is %s (%s), rejects once, and no row is left',
  async (how, when) => {
    const { code, output, errors } = await runProgram('fuse', how, when)
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output).toMatch(/^rejected (CONNECTION_CLOSED|ECONNRESET|PGTALLY_TRANSACTION_CLOSED)\nworks\n$/)
    expect(await look('select * from escaped')).toEqual([])
  },
)

// If this fails, postgres.js has mended itself: see what of the adapter it makes needless.
it.each(ways)('does not live with postgres.js’s own sql.begin where the backend is %s (%s)', async (how, when) => {
  const { code, output, errors } = await runProgram('bare', how, when)
  expect(output).not.toContain('works')
  const waitsForEver = 13
  if (code !== waitsForEver) expect(errors).toMatch(/Cannot read properties of null \(reading 'write'\)/)
  expect([1, waitsForEver]).toContain(code)
  await look('truncate escaped')
})
