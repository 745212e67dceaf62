// node scripts/turbo.mjs <task> …: turbo without its telemetry, which can be switched off by the environment only.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const turbo = createRequire(import.meta.url).resolve('turbo/bin/turbo')
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' }
const { status } = spawnSync(process.execPath, [turbo, 'run', ...process.argv.slice(2)], { stdio: 'inherit', env })
process.exitCode = status ?? 1
