// Fails when a process of this CI run is still there: each has the run's folder in its environment or on its command line.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const run = process.env.PGTALLY_CI_RUN
/** A server that was told to end may take a moment. */
const patienceMs = 5_000

if (!run) throw new Error('PGTALLY_CI_RUN is not set: .ci/run calls this')
const ours = ancestors()
const deadline = performance.now() + patienceMs
let left = leftovers()
while (left.length > 0 && performance.now() < deadline) {
  await delay(200)
  left = leftovers()
}
for (const { pid, command } of left) console.error(`still running: ${pid} ${command}`)
process.exitCode = left.length > 0 ? 1 : 0

function leftovers() {
  return marked().filter(({ pid }) => !ours.has(pid))
}

function marked() {
  return existsSync('/proc/self/environ') ? markedInProc() : markedByPs()
}

function markedInProc() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), command: readProc(pid, 'cmdline') }))
    .filter(({ pid, command }) => command.includes(run) || readProc(pid, 'environ').includes(run))
    .map(({ pid, command }) => ({ pid, command: command.split('\0').slice(0, 3).join(' ').split('\n')[0] }))
}

/** Empty when the process is gone, or hides it from us. */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

function markedByPs() {
  return execFileSync('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(run))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().split(' ')[1] }))
    .filter(({ command }) => command !== 'ps')
}

/** This process and those above it. */
function ancestors() {
  const found = new Set()
  for (let pid = process.pid; pid > 1 && !found.has(pid); pid = parentOf(pid)) found.add(pid)
  return found
}

function parentOf(pid) {
  try {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }))
  } catch {
    return Number(/^PPid:\s+(\d+)/m.exec(readProc(pid, 'status'))?.[1] ?? 0)
  }
}
