import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { PostgresServer } from '../src/index.ts'
import { expectNothingLeft, makeTemporaryDirectory, removeTemporaryDirectory } from './leftovers.ts'
import { readValue } from './run-statement.ts'
import { type Child, spawnChild } from './spawn-child.ts'

let temporaryDirectory: string

beforeEach(() => {
  temporaryDirectory = makeTemporaryDirectory()
})

afterEach(() => removeTemporaryDirectory(temporaryDirectory))

function startChild(ending: string, options: { detached?: boolean } = {}): Child {
  const packageDirectory = join(import.meta.dirname, '..')
  const script = join(import.meta.dirname, 'server-child.ts')
  return spawnChild(['--conditions=@pgtally/source', '--import', 'tsx', script, ending], {
    ...options,
    cwd: packageDirectory,
    env: { ...process.env, TMPDIR: temporaryDirectory },
  })
}

async function serverOf(child: Child): Promise<PostgresServer> {
  return JSON.parse(await child.nextLine()) as PostgresServer
}

it.each(['SIGTERM', 'SIGKILL'] as const)('ends the server when its parent gets %s', async (signal) => {
  const child = startChild('wait')
  const { connectionString } = await serverOf(child)
  expect(await readValue(connectionString, 'select 1')).toBe(1)
  child.process.kill(signal)
  expect(await child.ended).toBe(signal)
  await expectNothingLeft(temporaryDirectory)
  await expect(readValue(connectionString, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

it('ends initdb when the parent is killed before there is a server', async () => {
  const child = startChild('wait')
  const serverFiles = () => {
    const [directory] = readdirSync(temporaryDirectory).filter((name) => name.startsWith('pgt-'))
    return readdirSync(join(temporaryDirectory, String(directory), 'data'))
  }
  await vi.waitFor(() => expect(serverFiles()).toContain('postgresql.conf'), { timeout: 15_000, interval: 5 })
  child.process.kill('SIGKILL')
  await child.ended
  await expectNothingLeft(temporaryDirectory)
})

it('does not keep a process alive that forgets to stop it', async () => {
  const child = startChild('return')
  await serverOf(child)
  expect(await child.ended).toBe(0)
  await expectNothingLeft(temporaryDirectory)
})

it('survives Ctrl-C until its parent has used it for the last time', async () => {
  const child = startChild('stop-on-sigint', { detached: true })
  await serverOf(child)
  process.kill(-(child.process.pid as number), 'SIGINT')
  expect(await child.nextLine()).toBe('alive')
  expect(await child.ended).toBe(0)
  await expectNothingLeft(temporaryDirectory)
})
