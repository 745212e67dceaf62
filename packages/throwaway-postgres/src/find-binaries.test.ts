import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findBinaries } from './find-binaries.ts'
import { currentPlatform } from './platform.ts'

it('finds the binaries of the default major', () => {
  expect(existsSync(join(findBinaries(18, currentPlatform()), 'bin'))).toBe(true)
})

it('says how to get binaries that npm left out', () => {
  const other = { ...currentPlatform(), os: process.platform === 'darwin' ? 'linux' : 'darwin', arch: 'x64' }
  expect(() => findBinaries(18, other)).toThrow(
    expect.objectContaining({
      code: 'PGTALLY_POSTGRES_MISSING',
      message: expect.stringContaining('npm install --include=optional'),
    }),
  )
})
