import { once } from 'node:events'
import { statSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { freePort } from '../src/free-port.ts'
import { type PostgresServer, type StartPostgresOptions, startPostgres, testMajors } from '../src/index.ts'
import { startPostgresOnPort } from '../src/start-postgres.ts'
import { leftovers, makeTemporaryDirectory, removeTemporaryDirectory } from './leftovers.ts'
import { readValue, runStatement } from './run-statement.ts'

let temporaryDirectory: string
const servers: PostgresServer[] = []

beforeEach(() => {
  temporaryDirectory = makeTemporaryDirectory()
  vi.stubEnv('TMPDIR', temporaryDirectory)
})

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  const left = leftovers(temporaryDirectory)
  vi.unstubAllEnvs()
  removeTemporaryDirectory(temporaryDirectory)
  expect(left).toEqual([])
})

async function start(options?: StartPostgresOptions): Promise<PostgresServer> {
  const server = await startPostgres(options)
  servers.push(server)
  return server
}

it.each(testMajors())('starts PostgreSQL %i', async (major) => {
  const server = await start({ major })
  expect(server).toMatchObject({ major, host: '127.0.0.1', user: 'postgres', database: 'postgres' })
  const [facts] = await runStatement(
    server.connectionString,
    `select current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding,
       datcollate as collation, current_setting('TimeZone') as zone, current_setting('fsync') as fsync
     from pg_database where datname = current_database()`,
  )
  expect(facts).toEqual({ major, encoding: 'UTF8', collation: 'C', zone: 'UTC', fsync: 'off' })
})

it('applies settings over its defaults, even those that hide its log', async () => {
  const settings = {
    fsync: true,
    work_mem: '7MB',
    max_connections: 17,
    log_min_messages: 'panic',
    logging_collector: true,
  }
  const { connectionString } = await start({ settings })
  const [shown] = await runStatement(
    connectionString,
    `select current_setting('fsync') as fsync, current_setting('work_mem') as work_mem,
       current_setting('max_connections') as max_connections, current_setting('shared_buffers') as shared_buffers`,
  )
  expect(shown).toEqual({ fsync: 'on', work_mem: '7MB', max_connections: '17', shared_buffers: '32MB' })
})

it('listens on the loopback address only, and asks for its password there', async () => {
  const { connectionString, password } = await start()
  expect(await readValue(connectionString, 'show listen_addresses')).toBe('127.0.0.1')
  expect(await readValue(connectionString, 'show unix_socket_directories')).toBe('')
  const wrong = connectionString.replace(password as string, 'guess')
  await expect(readValue(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

it('with socketOnly listens in a private folder and nowhere else', async () => {
  const server = await start({ socketOnly: true })
  expect(await readValue(server.connectionString, 'show listen_addresses')).toBe('')
  expect(await readValue(server.connectionString, 'select inet_server_addr()')).toBeNull()
  expect(statSync(server.host).mode & 0o777).toBe(0o700)
  expect(server).not.toHaveProperty('password')
  const client = new Client({ host: server.host, port: server.port, user: server.user, database: server.database })
  await client.connect()
  await client.end()
})

it('with socketOnly copes with a temporary directory too deep for a socket', async () => {
  const deep = join(temporaryDirectory, 'd'.repeat(100))
  vi.stubEnv('TMPDIR', deep)
  const server = await start({ socketOnly: true })
  expect(await readValue(server.connectionString, 'select 1')).toBe(1)
})

it('runs as somebody without privileges who sees none of our environment', async () => {
  vi.stubEnv('PGPORT', '1')
  vi.stubEnv('PGOPTIONS', '-c work_mem=1MB')
  vi.stubEnv('SECRET_OF_THE_CALLER', 'x')
  const { connectionString } = await start()
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(`create table seen (line text); copy seen from program 'id -u; env'`)
  const { rows } = await client.query<{ line: string }>('select line from seen')
  await client.end()
  const [uid, ...variables] = rows.map(({ line }) => line)
  expect(uid).not.toBe('0')
  expect(variables.filter((line) => /SECRET_OF|PGPORT|PGOPTIONS/.test(line))).toEqual([])
})

it('starts four at once', async () => {
  const started = await Promise.all([start(), start({ socketOnly: true }), start(), start({ socketOnly: true })])
  const directories = await Promise.all(
    started.map(({ connectionString }) => readValue(connectionString, 'show data_directory')),
  )
  expect(new Set(directories).size).toBe(4)
})

it('takes another port when its own was taken meanwhile', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port: takenPort } = taken.address() as AddressInfo
  const choices = [takenPort, takenPort]
  const server = await startPostgresOnPort({}, async () => choices.pop() ?? freePort())
  servers.push(server)
  expect(server.port).not.toBe(takenPort)
  expect(await readValue(server.connectionString, 'show port')).toBe(String(server.port))

  const choosePort = vi.fn(async () => takenPort)
  await expect(startPostgresOnPort({}, choosePort)).rejects.toMatchObject({
    code: 'PGTALLY_POSTGRES_START_FAILED',
    message: expect.stringContaining(`could not bind IPv4 address "127.0.0.1"`),
  })
  expect(choosePort).toHaveBeenCalledTimes(5)
  taken.close()
})

it('leaves nothing behind after stop, which can be called again', async () => {
  const server = await start()
  const client = new Client(server.connectionString)
  const lost: unknown[] = []
  client.on('error', (error) => lost.push(error))
  await client.connect()
  await client.query('begin')
  expect(leftovers(temporaryDirectory)).not.toEqual([])
  await Promise.all([server.stop(), server.stop()])
  expect(leftovers(temporaryDirectory)).toEqual([])
  await server.stop()
  expect(lost[0]).toMatchObject({ code: '57P01' })
  await expect(readValue(server.connectionString, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

it('stops even when the server has crashed', async () => {
  const server = await start()
  process.kill(server.pid, 'SIGKILL')
  await server.stop()
})

it('says why a server did not start, and leaves nothing behind', async () => {
  await expect(startPostgres({ settings: { work_mem: 'plenty' } })).rejects.toMatchObject({
    code: 'PGTALLY_POSTGRES_START_FAILED',
    message: expect.stringContaining('invalid value for parameter "work_mem": "plenty"'),
  })
  expect(leftovers(temporaryDirectory)).toEqual([])
})

it.each([
  [{ major: 14 }, 'major is 14; it must be one of 15, 16, 17, 18'],
  [{ settings: { listen_addresses: '*' } }, 'settings: "listen_addresses" is chosen by startPostgres'],
])('refuses %o', async (options, message) => {
  await expect(startPostgres(options as StartPostgresOptions)).rejects.toMatchObject({
    code: 'PGTALLY_INVALID_OPTION',
    message,
  })
})

it('adds no listener to the process', async () => {
  const count = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  const before = count()
  await start()
  expect(count()).toBe(before)
})
