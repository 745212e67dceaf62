// Runs the database tests on several PostgreSQL majors: node scripts/test-matrix.mjs [15 18]; all four if none is named
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installMajor } from './install-major.mjs'

const wanted = process.argv.slice(2)
const majors = wanted.length > 0 ? wanted : ['15', '16', '17', '18']

// 18 is a dependency of throwaway-postgres.
for (const major of majors) if (major !== '18') installMajor(major)

const { status } = spawnSync('npx vitest run --project "db:*"', {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, PGTALLY_TEST_MAJORS: majors.join(',') },
  stdio: 'inherit',
  shell: true,
})
process.exitCode = status ?? 1
