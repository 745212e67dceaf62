// Runs the tests of tracked transactions on other libraries, each a project with a lock file of its own:
//   node scripts/test-integrations.mjs [drizzle knex …]   all of them if none is named
// They find @pgtally/* in the node_modules of the repository, above their own, and by the condition its sources.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tsImport } from 'tsx/esm/api'
import { npm, run } from './checks.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const fixtures = path.join(root, 'fixtures', 'integrations')
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const installTimeoutMs = 600_000

const all = readdirSync(fixtures).filter((name) => existsSync(path.join(fixtures, name, 'package.json')))
const wanted = process.argv.slice(2)
for (const name of wanted) if (!all.includes(name)) throw new Error(`There is no ${name}: ${all.join(', ')}`)

let passed = 0
let failed = 0
const { startPostgres } = await tsImport('../packages/throwaway-postgres/src/index.ts', import.meta.url)
const server = await startPostgres()
try {
  for (const name of wanted.length > 0 ? wanted : all) await testFixture(name)
} finally {
  await server.stop()
}
console.log(`\n${passed} passed, ${failed} failed`)
if (failed > 0 || passed === 0) process.exitCode = 1

async function testFixture(name) {
  const cwd = path.join(fixtures, name)
  const startedAt = performance.now()
  const outputs = []
  let tests = 0
  const step = async (work) => {
    try {
      const counted = await work()
      passed += 1 + counted
      tests += counted
    } catch (error) {
      failed += error.failed ?? 1
      passed += error.passed ?? 0
      outputs.push(error.output ?? error.stack)
    }
  }
  await step(() => install(cwd))
  if (outputs.length === 0) {
    await step(() => run(process.execPath, [tsc, '-p', cwd], { cwd }).then(() => 0))
    await step(() => runTests(cwd))
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${outputs.length === 0 ? 'ok     ' : 'FAILED '} ${name} (${tests} tests, ${seconds} s)`)
  for (const output of outputs) console.log(String(output).trimEnd().replace(/^/gm, '        '))
}

/** Makes node_modules what the lock file says, unless it is already; then what the fixture itself has to make. */
async function install(cwd) {
  const locked = createHash('sha256')
    .update(readFileSync(path.join(cwd, 'package-lock.json')))
    .digest('hex')
  const stamp = path.join(cwd, 'node_modules', '.locked-by')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === locked) return 0
  // No library that is tested needs its install scripts, and Prisma's would download programs.
  await npm(['ci', '--ignore-scripts', '--loglevel=error'], { cwd, timeoutMs: installTimeoutMs })
  // `prisma generate` looks for a program that it doesn't start; any will do.
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
  await npm(['run', '--if-present', 'prepare-tests'], { cwd, env })
  writeFileSync(stamp, locked)
  return 0
}

/** How many tests went through. A test that was left out counts as failed. */
async function runTests(cwd) {
  const files = readdirSync(cwd).filter((name) => name.endsWith('.test.ts'))
  const args = ['--conditions=@pgtally/source', '--import', 'tsx', '--test', '--test-reporter=spec', ...files]
  const { DATABASE_URL: _, ...env } = process.env
  env.PGTALLY_TEST_DATABASE_URL = server.connectionString
  const failure = { failed: undefined, output: undefined }
  const output = await run(process.execPath, args, { cwd, env }).catch((error) => {
    failure.output = error.output ?? error.stack
    return failure.output
  })
  const count = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  const bad = count('fail') + count('cancelled') + count('skipped') + count('todo')
  if (failure.output === undefined && bad === 0 && count('pass') > 0) return count('pass')
  throw Object.assign(new Error('tests'), { output, passed: count('pass'), failed: Math.max(1, bad) })
}
