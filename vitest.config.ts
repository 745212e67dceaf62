import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** Tests and type checks read the packages' sources: no build comes first. */
const condition = '@pgtally/source'

const packages = readdirSync('packages', { withFileTypes: true }).filter((entry) => entry.isDirectory())

/** `src/**` needs nothing but Node; `test/**` costs a database. */
const project = (kind: 'unit' | 'db', name: string, include: string) => ({
  extends: true as const,
  resolve: { conditions: [condition] },
  ssr: {
    resolve: { conditions: [condition, 'module', 'node', 'development|production'], externalConditions: [condition] },
  },
  test: {
    name: `${kind}:${name}`,
    root: `packages/${name}`,
    include: [include],
    testTimeout: kind === 'db' ? 30_000 : 10_000,
    hookTimeout: 60_000,
  },
})

export default defineConfig({
  test: {
    restoreMocks: true,
    projects: packages.flatMap(({ name }) => [
      project('unit', name, 'src/**/*.test.ts'),
      project('db', name, 'test/**/*.test.ts'),
    ]),
  },
})
