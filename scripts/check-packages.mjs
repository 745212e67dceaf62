// Checks the packages as their users get them: packed, linted, and installed into projects that import, type-check and run them.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createChecks, eachOf, npm, run } from './checks.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const fixtures = path.join(root, 'fixtures', 'consumers')
const publint = path.join(root, 'node_modules', 'publint', 'src', 'cli.js')
const attw = path.join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js')

/** `takes` decides which of our packages a project gets; the commands run in it one after the other. */
const consumers = [
  {
    name: 'nestjs-jest',
    takes: ({ name }) => name === '@pgtally/core',
    commands: [
      ['type check, nodenext', 'tsc', '--noEmit'],
      ['type check, bundler', 'tsc', '-p', 'tsconfig.bundler.json'],
      ['run under Jest', 'jest', '--ci'],
    ],
  },
  {
    name: 'esm',
    shares: 'node',
    takes: () => true,
    commands: [
      ['import every entry', 'node', 'entries.mjs', entries],
      ['type check, bundler', 'tsc', '-p', 'tsconfig.bundler.json'],
      ['type check, nodenext', 'tsc'],
      ['run', 'node', '--test', '--test-reporter=spec', 'out/tracking.js', 'out/database.js'],
      ['type check of the contract', 'tsc', '-p', 'tsconfig.contract.json'],
      ['run the contract', 'vitest', 'run', '--root', 'contract', 'node-pg.spec.ts'],
    ],
  },
  {
    name: 'cjs',
    shares: 'node',
    takes: (manifest) => !needsVitest(manifest),
    commands: [
      ['require every entry', 'node', 'entries.cjs', entries],
      ['type check, bundler', 'tsc', '-p', 'tsconfig.bundler.json'],
      ['type check, nodenext', 'tsc'],
      ['run', 'node', '--test', '--test-reporter=spec', 'out/tracking.js', 'out/database.js'],
    ],
  },
]

const { check, finish } = createChecks()
const temporary = realpathSync(mkdtempSync(path.join(tmpdir(), 'pgtally-packages-')))
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

const manifests = readdirSync(path.join(root, 'packages'))
  .map((folder) => path.join(root, 'packages', folder))
  .filter((folder) => existsSync(path.join(folder, 'package.json')))
  .map((folder) => ({ ...JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')), folder }))
const published = manifests.filter((manifest) => !manifest.private)

const packed = []
if (await check('all packages build', () => npm(['run', 'build'], { cwd: root }))) {
  await check('versions and dependencies fit together', () => published.forEach(checkManifest))
  await eachOf(published, 2, checkTarball)
  if (packed.length === published.length) await eachOf(consumers, 2, checkConsumer)
}
finish()

function checkManifest({ name, version, license, engines, dependencies = {}, peerDependencies = {}, publishConfig }) {
  assert.equal(version, published[0].version, `${name}: all packages share one version`)
  assert.equal(license, 'MIT', `${name}: license`)
  assert.ok(engines?.node, `${name}: engines.node is missing`)
  assert.equal(publishConfig?.access, 'public', `${name}: publishConfig.access; what is not published is private`)
  for (const [dependency, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    const own = manifests.find((manifest) => manifest.name === dependency)
    if (!own) continue
    assert.ok(!own.private, `${name} depends on ${dependency}, which is private`)
    assert.ok(range === version || peerDependencies[dependency], `${name} depends on ${dependency} ${range}`)
  }
}

async function checkTarball(manifest) {
  const { name } = manifest
  if (!(await check(`${name}: pack`, async () => packed.push(await pack(manifest))))) return
  const { tarball } = packed.find((one) => one.name === name)
  await check(`${name}: publint`, () =>
    run(process.execPath, [publint, 'run', tarball, '--strict'], { cwd: temporary }),
  )
  await check(`${name}: are the types wrong`, () =>
    run(process.execPath, [attw, tarball, '--profile', 'node16', '--no-emoji', '--no-color'], { cwd: temporary }),
  )
}

async function pack(manifest) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', temporary]
  const [{ filename, files }] = Object.values(JSON.parse(await npm(args, { cwd: manifest.folder })))
  const paths = files.map((file) => file.path)
  const unwanted = paths.filter((file) =>
    /\.test\.|\.test-d\.|(^|\/)(test|node_modules|\.turbo)\/|\.env|tsconfig|tsbuildinfo/.test(file),
  )
  assert.deepEqual(unwanted, [], `${manifest.name}: files that nobody needs are packed`)
  for (const wanted of [
    'package.json',
    'README.md',
    'LICENSE',
    'dist/esm/index.js',
    'dist/cjs/index.js',
    'dist/cjs/package.json',
  ])
    assert.ok(paths.includes(wanted), `${manifest.name}: ${wanted} is not packed`)
  return { name: manifest.name, manifest, tarball: path.join(temporary, filename) }
}

async function checkConsumer({ name, shares, takes, commands }) {
  const folder = path.join(temporary, name)
  mkdirSync(folder)
  for (const source of [shares, name])
    if (source) cpSync(path.join(fixtures, source), folder, { recursive: true, filter })
  const taken = packed.filter(({ manifest }) => takes(manifest))
  const options = { cwd: folder, env: consumerEnvironment() }

  const tarballs = taken.map(({ tarball }) => tarball)
  const args = ['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs]
  if (!(await check(`consumer ${name}: install`, () => npm(args, options)))) return
  for (const [title, program, ...given] of commands) {
    const rest = given.flatMap((argument) => (typeof argument === 'function' ? argument(taken) : argument))
    await check(`consumer ${name}: ${title}`, () =>
      run(process.execPath, [...programOf(program, folder), ...rest], options),
    )
  }
}

/** Every public entry, but those that only a test runner can load. */
function entries(taken) {
  return taken
    .filter(({ manifest }) => !needsVitest(manifest))
    .flatMap(({ name, manifest }) => Object.keys(manifest.exports ?? {}).map((entry) => path.posix.join(name, entry)))
    .filter((entry) => !entry.endsWith('.json'))
}

function programOf(program, folder) {
  const modules = path.join(folder, 'node_modules')
  if (program === 'tsc') return [path.join(modules, 'typescript', 'bin', 'tsc')]
  if (program === 'jest') return [path.join(modules, 'jest', 'bin', 'jest.js')]
  if (program === 'vitest') return [path.join(modules, 'vitest', 'vitest.mjs')]
  return []
}

/** A project of its own: nothing of the `npm run` that this script may be part of. */
function consumerEnvironment() {
  const foreign =
    /^(npm_(package|lifecycle)_|npm_config_(local_prefix|prefix|workspaces?)|INIT_CWD$|NODE_OPTIONS$|NODE_ENV$)/
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !foreign.test(key)))
}

function needsVitest({ peerDependencies = {} }) {
  return 'vitest' in peerDependencies
}

function filter(source) {
  return path.basename(source) !== 'node_modules'
}
