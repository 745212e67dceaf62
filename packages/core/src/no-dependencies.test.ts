import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = import.meta.dirname

const published = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(path),
)

const importsOf = (path: string) =>
  [...readFileSync(join(folder, path), 'utf8').matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)].map(
    ([, named, dynamic]) => named ?? dynamic ?? '',
  )

describe('law 8: core depends on nothing', () => {
  it('names no dependency and no peer', () => {
    const manifest = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('peerDependencies')
    expect(manifest).not.toHaveProperty('optionalDependencies')
  })

  it('imports its own files and parts of Node, nothing else', () => {
    const foreign = published.flatMap((path) =>
      importsOf(path)
        .filter((from) => !from.startsWith('./') && !from.startsWith('../') && !from.startsWith('node:'))
        .map((from) => `${path} imports ${from}`),
    )
    expect(published.length).toBeGreaterThan(50)
    expect(foreign).toEqual([])
  })
})
