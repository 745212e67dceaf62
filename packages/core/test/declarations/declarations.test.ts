import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

/** The declarations that a user's project gets, which has core among its `node_modules`. */
const emitDeclarations = async (compilerOptions: object): Promise<string> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pgtally-declarations-'))
  folders.push(folder)
  cpSync(path.join(import.meta.dirname, 'user-functions.ts'), path.join(folder, 'user-functions.ts'))
  mkdirSync(path.join(folder, 'node_modules/@pgtally'), { recursive: true })
  symlinkSync(packageFolder, path.join(folder, 'node_modules/@pgtally/core'), 'junction')
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: path.join(packageFolder, 'tsconfig.json'),
      files: ['user-functions.ts'],
      include: [],
      // Core's sources lie outside: the root is what both have in common.
      compilerOptions: {
        ...compilerOptions,
        typeRoots,
        noEmit: false,
        emitDeclarationOnly: true,
        rootDir: path.parse(folder).root,
        outDir: 'out',
      },
    }),
  )
  await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false']).catch((error) => {
    throw new Error(error.stdout)
  })
  const { root } = path.parse(folder)
  return readFileSync(path.join(folder, 'out', path.relative(root, folder), 'user-functions.d.ts'), 'utf8')
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

describe('The declarations of exported wrapped functions', () => {
  it.concurrent.each([true, false])(
    'name only what core exports, with exactOptionalPropertyTypes %s',
    async (exact) => {
      const declarations = await emitDeclarations({ exactOptionalPropertyTypes: exact })
      const from = [...declarations.matchAll(/(?:from |import\()['"]([^'"]+)['"]/g)].map(([, name]) => name)
      expect(new Set(from)).toEqual(new Set(['@pgtally/core']))

      const lines = declarations.split('\n')
      for (const line of [
        'export declare const findUser: (session: Session, id: number, name?: string) => Promise<User | undefined>;',
        'export declare const find: <Row extends User>(session: Session, text: string) => Promise<Row[]>;',
        'export declare const lazyUsers: (this: unknown, session: Session, id: number) => Promise<User[]>;',
        'export declare const users: (session: Session) => AsyncIterable<User>;',
        'export declare const save: (this: unknown, database: import("@pgtally/core").Transactional<EntityManager>, entity: User) => Promise<void>;',
        'export declare const saveAlone: (this: unknown, database: DataSource, entity: User) => Promise<void>;',
        'export declare const tracker: import("@pgtally/core").Tracker;',
        '    count(session: Session): Promise<number>;',
        '    add(transaction: Session, user: User): Promise<User>;',
      ]) {
        expect(lines).toContain(line)
      }
      expect(declarations).toContain('=> import("@pgtally/core").Tracked<Fn>;')
      expect(declarations).toContain('=> import("@pgtally/core").TrackedStream<Fn>;')
    },
  )
})
