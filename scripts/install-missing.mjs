// Makes node_modules what package-lock.json says; does nothing when it already is. Node's built-ins only: it runs before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = realpathSync(fileURLToPath(new URL('..', import.meta.url)))
const oldestNode = [20, 19]
/** Nobody waits longer than this for another install of the same checkout. */
const lockTimeoutMs = 10 * 60_000

/** A failure that its message explains to the user; anything else keeps its stack. */
class Failure extends Error {}

try {
  checkNode()
  if (missing()) {
    const lock = await acquireLock()
    try {
      const reason = missing()
      if (reason) await install(reason, lock)
    } finally {
      rmSync(lock, { force: true })
    }
  }
} catch (error) {
  console.error(error instanceof Failure ? error.message : error)
  process.exitCode = 1
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new Failure(
    `pgtally needs Node >= ${oldestNode.join('.')}; this is ${process.version}. Install a newer Node and run the command again.`,
  )
}

/** Why an install is needed, in words; undefined when everything is there. */
function missing() {
  const wanted = readJson('package-lock.json')?.packages
  if (!wanted) throw new Failure('package-lock.json is missing or unreadable: check it out again.')
  const installed = readJson('node_modules/.package-lock.json')?.packages
  if (!installed) return 'nothing is installed yet'

  for (const [place, entry] of Object.entries(wanted)) {
    if (!place.startsWith('node_modules/') && !place.includes('/node_modules/')) continue
    const found = installed[place]
    if (!found) {
      if (entry.optional || entry.devOptional || entry.peer) continue
      return `${place} is not installed`
    }
    if (
      entry.link
        ? !linked(place, entry.resolved)
        : found.version !== entry.version || found.integrity !== entry.integrity
    )
      return `${place} is not what package-lock.json says`
    if (!entry.link && !existsSync(path.join(root, place, 'package.json'))) return `${place} is gone`
  }
  const unlinked = workspaces().find(({ name, folder }) => !linked(`node_modules/${name}`, folder))
  if (unlinked) return `the workspace ${unlinked.folder} is not linked`
}

function workspaces() {
  const patterns = readJson('package.json')?.workspaces ?? []
  return patterns.flatMap(foldersOf).flatMap((folder) => {
    const name = readJson(`${folder}/package.json`)?.name
    return name ? [{ name, folder }] : []
  })
}

function foldersOf(pattern) {
  if (!pattern.endsWith('/*')) return [pattern]
  const parent = pattern.slice(0, -2)
  if (!existsSync(path.join(root, parent))) return []
  return readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`)
}

function linked(place, target) {
  try {
    return realpathSync(path.join(root, place)) === path.join(root, target)
  } catch {
    return false
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8'))
  } catch {
    return undefined
  }
}

/** `npm ci` empties node_modules first, so two at once would pull the ground from under each other. */
async function acquireLock() {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16)
  const file = path.join(tmpdir(), `pgtally-install-${name}.lock`)
  const deadline = Date.now() + lockTimeoutMs
  for (let told = false; ; ) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return file
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (abandoned(file)) rmSync(file, { force: true })
    else if (Date.now() > deadline)
      throw new Failure(`Another install has been running for long. If that is wrong, remove ${file}.`)
    else {
      if (!told) console.error('Waiting for another install of this checkout …')
      told = true
      await delay(200)
    }
  }
}

/** The lock names this process and then npm, which may outlive it. */
function abandoned(file) {
  try {
    const pids = readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number)
    // Created and not yet filled in: its owner is between two system calls, or died there.
    if (pids.length === 0) return Date.now() - statSync(file).mtimeMs > 5_000
    return !pids.some(runs)
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function runs(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

async function install(reason, lock) {
  console.error(`Installing dependencies: ${reason}.`)
  // Under `npm run`, npm says where it is; `--include=dev` because NODE_ENV=production would leave the tools out.
  const npm = process.env.npm_execpath ?? ''
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund']
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const child = /npm-cli\.c?js$/.test(npm)
    ? spawn(process.execPath, [npm, ...args], options)
    : spawn('npm', args, { ...options, shell: process.platform === 'win32' })
  writeFileSync(lock, `${process.pid} ${child.pid ?? ''}`)
  const [code] = await once(child, 'exit').catch((error) => {
    throw new Failure(`npm could not be started (${error.code}). It comes with Node: check that it is on the PATH.`)
  })
  if (code !== 0)
    throw new Failure('npm ci failed; what it printed is above. Run the command again once that is mended.')
}
