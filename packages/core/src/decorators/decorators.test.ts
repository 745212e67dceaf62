import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'

const packageFolder = path.resolve(import.meta.dirname, '../..')
const { resolve } = createRequire(import.meta.url)
const tsc = path.join(path.dirname(resolve('typescript/package.json')), 'bin/tsc')
const typeRoots = [path.resolve(resolve('@types/node/package.json'), '../..')]
const folders: string[] = []

/** What a Node process printed; rejects, with the output, where it failed. */
const node = async (args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args).catch((error) => {
    throw new Error(`${error.message}\n${error.stdout}`)
  })
  expect(stderr).toBe('')
  return stdout
}

/** Compiles the decorated classes of ../../test/decorators, and core with them, and runs the result. */
const compileAndRun = async (type: 'module' | 'commonjs', compilerOptions: object): Promise<unknown> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pgtally-decorators-'))
  folders.push(folder)
  const config = path.join(folder, 'tsconfig.json')
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type }))
  writeFileSync(
    config,
    JSON.stringify({
      extends: path.join(packageFolder, 'tsconfig.json'),
      files: [path.join(packageFolder, 'test/decorators/run-order-service.ts')],
      include: [],
      compilerOptions: {
        ...compilerOptions,
        typeRoots,
        noEmit: false,
        declaration: false,
        rootDir: packageFolder,
        outDir: '.',
      },
    }),
  )
  await node([tsc, '-p', config, '--pretty', 'false'])
  return JSON.parse(await node([path.join(folder, 'test/decorators/run-order-service.js')]))
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const expected = {
  found: ['corner', 7, 'none'],
  sessionIsBound: true,
  foundByOwn: ['own', 'market', 8, 'inherited'],
  calls: [1, 1],
  counted: [true, [1, 2]],
  placed: 'market',
  sameError: true,
  steps: [
    ['query', 'select order'],
    ['query', 'select order'],
    ['begin', 'begin isolation level serializable'],
    ['query', 'insert order'],
    ['query', 'select order'],
    ['commit', 'commit'],
  ],
  names: ['findOrder', 2, 'between'],
  ownProperty: 'found',
  metadata: [
    ['roles', 'admin'],
    ['above', 'role'],
  ],
  enumerable: [],
  log: ['outer before', 'inner before', 'method', 'inner after', 'outer after'],
  queries: [
    ['find_order', 'success', 1],
    ['find_order', 'success', 1],
    ['find_own_order', 'success', 1],
    ['between', 'success', 'absent'],
    ['count_orders', 'success', 'absent'],
    ['find_order', 'success', 1],
    ['find_own_order', 'success', 1],
    ['fail', 'expected_error', 'absent'],
  ],
  transactions: [['place_order', 'committed', 2]],
  refused: 'PGTALLY_INVALID_OPTION',
}

describe('@TrackQuery and @TrackTransaction', () => {
  it.concurrent('track the methods of a class that is compiled with the settings of NestJS, and change nothing else', async () => {
    const legacy = { experimentalDecorators: true, emitDecoratorMetadata: true, target: 'ES2021' }
    const commonJs = { module: 'commonjs', moduleResolution: 'bundler', verbatimModuleSyntax: false }
    expect(await compileAndRun('commonjs', { ...legacy, ...commonJs })).toEqual({ ...expected, designTypes: true })
  })

  it.concurrent('do the same in the TC39 form', async () => {
    expect(await compileAndRun('module', { noCheck: true })).toEqual({ ...expected, designTypes: false })
  })
})
