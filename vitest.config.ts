import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests and type checks read the packages' sources: no build comes first. */
const condition = '@pgtally/source'

const root = import.meta.dirname
const packages = readdirSync(path.join(root, 'packages')).filter((name) =>
  existsSync(path.join(root, 'packages', name, 'package.json')),
)

/** Whole programs that run for long: steps of CI, not part of `npm test`. */
const programs = ['demo', 'faults']

/** `src/**` needs nothing but Node; `test/**` costs a database. */
const project = (kind: 'unit' | 'db' | 'program', folder: string, include: string) => ({
  extends: true as const,
  resolve: { conditions: [condition] },
  ssr: {
    resolve: { conditions: [condition, 'module', 'node', 'development|production'], externalConditions: [condition] },
  },
  test: {
    name: `${kind}:${path.basename(folder)}`,
    root: path.join(root, folder),
    include: [include],
    testTimeout: kind === 'unit' ? 10_000 : 30_000,
    hookTimeout: 60_000,
  },
})

export default defineConfig({
  test: {
    restoreMocks: true,
    // A file of database tests may start a server of its own.
    maxWorkers: Math.min(4, availableParallelism()),
    projects: [
      ...packages.map((name) => project('unit', `packages/${name}`, 'src/**/*.test.ts')),
      ...packages.map((name) =>
        project(programs.includes(name) ? 'program' : 'db', `packages/${name}`, 'test/**/*.test.ts'),
      ),
      project('db', 'docs/examples', '**/*.test.ts'),
    ],
  },
})
