// What the check-* scripts share: named checks that all run, their output only when they fail, and a sum at the end.
import { spawn } from 'node:child_process'

/** Runs checks one after the other or side by side; `finish` prints the sum and sets the exit code. */
export function createChecks() {
  let passed = 0
  const failed = []

  /** True when `run` went through. What it threw is printed, and the next check goes on. */
  async function check(name, run) {
    const startedAt = performance.now()
    try {
      await run()
      passed += 1
      console.log(`ok      ${name} (${seconds(startedAt)})`)
      return true
    } catch (error) {
      failed.push(name)
      console.log(`FAILED  ${name} (${seconds(startedAt)})\n${indented(described(error))}`)
      return false
    }
  }

  function finish() {
    if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
    console.log(`\n${passed} passed, ${failed.length} failed`)
    if (failed.length > 0 || passed === 0) process.exitCode = 1
  }

  return { check, finish }
}

/** Resolves to the standard output; rejects with all output when the command fails or takes longer than `timeoutMs`. */
export function run(command, args, { cwd, env = process.env, timeoutMs = 300_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
    let stdout = ''
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout)
      const line = `${command} ${args.join(' ')}: ${signal ? `ended by ${signal}` : `exit code ${code}`}`
      reject(Object.assign(new Error(line), { output: `${line}\n${output}` }))
    })
  })
}

/** npm, wherever it is: under `npm run` it says so itself. */
export function npm(args, options) {
  const cli = process.env.npm_execpath ?? ''
  if (/npm-cli\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], options)
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options)
}

/** Runs `work` on every item, at most `limit` at a time. */
export async function eachOf(items, limit, work) {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}

const described = (error) => error.output ?? (error.code === 'ERR_ASSERTION' ? error.message : error.stack)
const seconds = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
const indented = (text) => String(text).trimEnd().replace(/^/gm, '        ')
