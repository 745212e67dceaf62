// A throw-away PgBouncer before a throw-away server: on loopback, as an unprivileged user, gone when its starter is.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../packages/throwaway-postgres/src/free-port.ts'
import { unprivilegedUser } from '../../packages/throwaway-postgres/src/unprivileged-user.ts'
import { run } from '../checks.mjs'

const startTimeoutMs = 10_000
const sbin = ['/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin']
const env = { PATH: [process.env.PATH, ...sbin].join(path.delimiter) }

/** Its end is the end of our pipe, which the kernel closes however this process ends. */
const guard = `
pgbouncer "$1/pgbouncer.ini" &
read -r _
kill -KILL $!
wait
rm -rf "$1"
`

/** `{ text, major, minor }` of the installed PgBouncer; rejects with the line that installs it. */
export async function pgbouncerVersion() {
  const output = await run('pgbouncer', ['--version'], { env, timeoutMs: startTimeoutMs }).catch((error) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error('PgBouncer is not installed: apt-get install -y pgbouncer (Debian, Ubuntu), brew install pgbouncer')
  })
  const [text, major, minor] = /PgBouncer (\d+)\.(\d+)\.\d+/.exec(output)
  return { text, major: Number(major), minor: Number(minor) }
}

/** Resolves to `{ connectionString, stop() }`. `settings` are lines of its section [pgbouncer]. */
export async function startPgbouncer(server, settings) {
  const user = await unprivilegedUser()
  const port = await freePort()
  const folder = await mkdtemp(path.join(tmpdir(), 'pgt-pgbouncer-'))
  const password = randomBytes(16).toString('hex')
  const own = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: path.join(folder, 'users.txt'),
    max_client_conn: 200,
    ...settings,
  }
  const lines = Object.entries(own).map(([name, value]) => `${name} = ${value}`)
  const target = `host=${server.host} port=${server.port} user=${server.user} password=${server.password}`
  await writeOwned(user, own.auth_file, `"tried" "${password}"\n`)
  const ini = path.join(folder, 'pgbouncer.ini')
  await writeOwned(user, ini, `[databases]\n* = ${target}\n\n[pgbouncer]\n${lines.join('\n')}\n`)
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid)

  const shell = spawn('/bin/sh', ['-c', guard, 'pgbouncer-guard', folder], {
    ...user,
    env,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const ended = once(shell, 'close')
  const stop = async () => {
    shell.stdin.end()
    await ended
  }
  try {
    await untilUp(shell)
  } catch (error) {
    await stop()
    throw error
  }
  return { connectionString: `postgres://tried:${password}@127.0.0.1:${port}/${server.database}`, stop }
}

async function writeOwned({ uid, gid }, file, text) {
  await writeFile(file, text, { mode: 0o600 })
  if (uid !== undefined) await chown(file, uid, gid)
}

function untilUp(shell) {
  return new Promise((resolve, reject) => {
    let log = ''
    const failed = () => reject(new Error(`PgBouncer did not start:\n${log}`))
    const timer = setTimeout(failed, startTimeoutMs)
    shell.stderr.setEncoding('utf8').on('data', (text) => {
      log = (log + text).slice(-4000)
      if (/FATAL/.test(log)) failed()
      else if (!/process up/.test(log)) return
      clearTimeout(timer)
      resolve()
    })
    shell.on('error', reject)
  })
}
