import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'

/** A temporary directory of a test's own, which every user may enter: whatever servers leave behind is found in it. */
export function makeTemporaryDirectory(): string {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'pgtally-test-'))
  chmodSync(directory, 0o777)
  return directory
}

export function removeTemporaryDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
}

/** What servers have in a temporary directory: folders, and processes (servers, initdb, watchdogs) that name it. */
export function leftovers(temporaryDirectory: string): string[] {
  const folders = readdirSync(temporaryDirectory).filter((name) => name.startsWith('pgt-'))
  return [...folders, ...commandLines().filter((line) => line.includes(`${temporaryDirectory}/pgt-`))]
}

/** The watchdog works after its parent's end, so this can't be seen at once. */
export async function expectNothingLeft(temporaryDirectory: string): Promise<void> {
  await vi.waitFor(() => expect(leftovers(temporaryDirectory)).toEqual([]), { timeout: 15_000, interval: 20 })
}

function commandLines(): string[] {
  if (process.platform !== 'linux') return execFileSync('ps', ['-axo', 'command='], { encoding: 'utf8' }).split('\n')
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    } catch {
      return ''
    }
  })
}
