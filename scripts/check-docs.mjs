// Keeps the docs true: code blocks are the examples, links lead somewhere, examples compile and run.
//   node scripts/check-docs.mjs           checks all of it
//   node scripts/check-docs.mjs --write   first copies the examples into the blocks that name them
// A block names its example in the info string, `ts file=docs/examples/track-queries.ts#find-user`; the part after `#` is a
// `// #region find-user` … `// #endregion` of that file. Every docs/examples/*.ts is a program, but *.test.ts and *.config.ts.
// A block may also name a file of fixtures/integrations, which test-integrations.mjs compiles and runs.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tsImport } from 'tsx/esm/api'
import { createChecks, run } from './checks.mjs'
import { anchors, fencedBlocks, linkTargets, withBlocks } from './markdown.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const examples = path.join(root, 'docs', 'examples')
const exampleTimeoutMs = 60_000

const { check, finish } = createChecks()
const pages = [...pagesIn('.', false), ...pagesIn('packages', true), ...pagesIn('docs', true)]

for (const page of pages) {
  if (process.argv.includes('--write') && !isDecision(page)) rewrite(page)
  await check(page, () => refuse([...(isDecision(page) ? [] : codeFaults(page)), ...linkFaults(page)]))
}
const programs = filesIn(examples).filter((name) => /\.ts$/.test(name) && !/\.(test|config)\.ts$/.test(name))
if (programs.length > 0) {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  await check('the examples compile', () => run(process.execPath, [tsc, '-p', examples], { cwd: examples }))
  await runExamples().catch((error) => check('the examples have a server', () => Promise.reject(error)))
}
finish()

function refuse(faults) {
  if (faults.length > 0) throw Object.assign(new Error('faults'), { output: faults.join('\n') })
}

function pagesIn(folder, deep) {
  const found = []
  for (const entry of existsSync(path.join(root, folder))
    ? readdirSync(path.join(root, folder), { withFileTypes: true })
    : []) {
    if (/^(node_modules|dist|\..*)$/.test(entry.name)) continue
    const file = path.posix.join(folder, entry.name)
    if (entry.isDirectory() && deep) found.push(...pagesIn(file, true))
    else if (entry.isFile() && entry.name.endsWith('.md')) found.push(file)
  }
  return found
}

function filesIn(folder) {
  return existsSync(folder) ? readdirSync(folder).filter((name) => statSync(path.join(folder, name)).isFile()) : []
}

/** Decisions show code as it was when they were taken. */
function isDecision(page) {
  return page.startsWith('docs/decisions/')
}

function read(file) {
  return readFileSync(path.join(root, file), 'utf8')
}

function isCode({ info }) {
  return /^(ts|tsx|mts|cts|typescript|js|jsx|mjs|cjs|javascript)(?![\w-])/.test(info)
}

function rewrite(page) {
  const text = read(page)
  const rewritten = withBlocks(text, (block) => (isCode(block) && exampleName(block) ? example(block) : undefined))
  if (rewritten !== text) writeFileSync(path.join(root, page), rewritten)
}

function codeFaults(page) {
  return fencedBlocks(read(page))
    .filter(isCode)
    .flatMap((block) => {
      const at = `${page}:${block.firstLine}`
      if (!exampleName(block)) return [`${at} names no example: file=docs/examples/<name>.ts#<region>`]
      try {
        return example(block) === block.code ? [] : [`${at} is not ${exampleName(block)}: run check-docs.mjs --write`]
      } catch (error) {
        return [`${at} ${error.message}`]
      }
    })
}

function exampleName({ info }) {
  return /(?:^|\s)file=(\S+)/.exec(info)?.[1]
}

/** The text that a block has to show: a whole file or a region of one, without the common indentation and other regions' marks. */
function example(block) {
  const [file, region] = exampleName(block).split('#')
  if (!/^(docs\/examples|fixtures\/integrations)\//.test(file) || file.includes('..'))
    throw new Error(`${file} is neither in docs/examples nor in fixtures/integrations`)
  if (!existsSync(path.join(root, file))) throw new Error(`${file} does not exist`)
  const lines = read(file).trimEnd().split('\n')
  const shown = region === undefined ? lines : regionOf(lines, region, file)
  return outdented(shown.filter((line) => !/^\s*\/\/ #(end)?region\b/.test(line)))
}

function regionOf(lines, name, file) {
  const starts = lines.flatMap((line, index) => (/^\s*\/\/ #region (\S+)\s*$/.exec(line)?.[1] === name ? [index] : []))
  if (starts.length !== 1) throw new Error(`${file} has ${starts.length} regions ${name}`)
  const [start] = starts
  let depth = 1
  for (let index = start + 1; index < lines.length; index += 1) {
    if (/^\s*\/\/ #region\b/.test(lines[index])) depth += 1
    if (/^\s*\/\/ #endregion\b/.test(lines[index])) depth -= 1
    if (depth === 0) return lines.slice(start + 1, index)
  }
  throw new Error(`${file}: the region ${name} never ends`)
}

function outdented(lines) {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const common = indents.length === 0 ? 0 : Math.min(...indents)
  return lines
    .map((line) => line.slice(common))
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
}

function linkFaults(page) {
  const text = read(page)
  return linkTargets(text).flatMap((target) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return []
    const [file, anchor] = decodeURI(target).split('#')
    const linked = file === '' ? page : path.posix.join(path.posix.dirname(page), file)
    if (linked.startsWith('..') || !existsSync(path.join(root, linked)))
      return [`${page} links to ${target}, which does not exist`]
    if (!anchor || !linked.endsWith('.md') || anchors(read(linked)).has(anchor)) return []
    return [`${page} links to ${target}, but there is no such heading`]
  })
}

/** Each program has a database of its own on one server; pg finds it in PG*, `new Pool()` is enough. */
async function runExamples() {
  const { startPostgres } = await tsImport('../packages/throwaway-postgres/src/index.ts', import.meta.url)
  const { Client } = createRequire(path.join(examples, 'package.json'))('pg')
  const server = await startPostgres()
  try {
    const client = new Client({ connectionString: server.connectionString })
    await client.connect()
    for (const [index, name] of programs.entries()) {
      const database = `example_${index + 1}`
      await client.query(`create database ${database}`)
      const args = ['--conditions=@pgtally/source', '--import', 'tsx', path.join(examples, name)]
      const options = { cwd: examples, env: environmentOf(server, database), timeoutMs: exampleTimeoutMs }
      await check(`docs/examples/${name} runs`, () => run(process.execPath, args, options))
    }
    await client.end()
  } finally {
    await server.stop()
  }
}

function environmentOf({ connectionString, host, port, user, password }, database) {
  const { DATABASE_URL: _, ...env } = process.env
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  return {
    ...env,
    PGTALLY_TEST_DATABASE_URL: url.href,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password ?? '',
    PGDATABASE: database,
  }
}
