import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const coreFolder = fileURLToPath(new URL('../../core', import.meta.url))

/**
 * Compiles core's sources as its build does, into a folder of its own that the caller removes. The sources can't be measured as the loader runs
 * them: it keeps names by a call around every named closure, about half a microsecond each.
 */
export const compileCore = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pgtally-bench-'))
  const config = path.join(folder, 'tsconfig.json')
  const sources = path.join(coreFolder, 'src')
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(
    config,
    JSON.stringify({
      extends: path.join(coreFolder, 'tsconfig.json'),
      files: ['index.ts', 'adapter.ts'].map((entry) => path.join(sources, entry)),
      include: [],
      compilerOptions: {
        noEmit: false,
        noCheck: true,
        types: [],
        rootDir: sources,
        outDir: folder,
        declaration: false,
      },
    }),
  )
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
  const { status } = spawnSync(process.execPath, [path.join(path.dirname(typescript), 'bin', 'tsc'), '-p', config], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0 || !existsSync(path.join(folder, 'index.js'))) throw new Error('core did not compile: see above.')
  return folder
}
