// Builds the package in the current folder: src -> dist/esm and dist/cjs, with declarations and source maps for both.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const sourceCondition = '@pgtally/source'
const requireFromHere = createRequire(import.meta.url)
const tsc = path.join(path.dirname(requireFromHere.resolve('typescript/package.json')), 'bin', 'tsc')

const folder = process.cwd()
const dist = path.join(folder, 'dist')

if (!existsSync(path.join(folder, 'src'))) fail(`There is no src in ${folder}: run this in the folder of a package.`)
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
compile('esm', { module: 'nodenext', moduleResolution: 'nodenext' })
compile('cjs', { module: 'commonjs', moduleResolution: 'bundler', verbatimModuleSyntax: false })
writeFileSync(path.join(dist, 'cjs', 'package.json'), `${JSON.stringify(commonJsManifest(manifest), undefined, 2)}\n`)

function compile(format, options) {
  const config = path.join(dist, `tsconfig.${format}.json`)
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../tsconfig.json',
      include: ['../src'],
      exclude: ['../src/**/*.test.ts', '../src/**/*.test-d.ts'],
      compilerOptions: {
        ...options,
        // A dependency's types come from its dist, as its users see them; our own `#names` still mean our sources.
        customConditions: [],
        paths: ownSources(manifest.imports ?? {}),
        rootDir: '../src',
        outDir: format,
        rewriteRelativeImportExtensions: true,
        noEmit: false,
        noEmitOnError: true,
        declaration: true,
        declarationMap: true,
        sourceMap: true,
      },
    }),
  )
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { cwd: folder, stdio: ['ignore', 2, 2] })
  rmSync(config)
  if (status !== 0) {
    rmSync(dist, { recursive: true, force: true })
    fail(`${manifest.name}: the ${format} build failed.`)
  }
}

function ownSources(imports) {
  const sources = {}
  for (const [name, target] of Object.entries(imports)) {
    const source = target?.[sourceCondition]
    if (typeof source === 'string') sources[name] = [`../${source}`]
  }
  return sources
}

/** The nearest package.json decides what `.js` and `#names` mean, so the one in dist/cjs has to say both. */
function commonJsManifest({ sideEffects, imports }) {
  const own = { type: 'commonjs' }
  if (sideEffects !== undefined) own.sideEffects = sideEffects
  if (imports) own.imports = Object.fromEntries(Object.entries(imports).map(([name, target]) => [name, inCjs(target)]))
  return own
}

function inCjs(target) {
  if (typeof target === 'string') return target.replace(/^\.\/dist\/cjs\//, './')
  const kept = Object.entries(target).filter(([condition]) => condition !== sourceCondition && condition !== 'import')
  return Object.fromEntries(kept.map(([condition, value]) => [condition, inCjs(value)]))
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
