import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorKinds, retryableKinds } from './errors/error-kind.ts'

const source = (file: string) => readFileSync(path.join(import.meta.dirname, file), 'utf8')
const page = (name: string) => source(`../../../docs/reference/${name}`)

/** The table rows of a section, or of a whole page, each a list of its cells. */
const rows = (text: string, heading?: string): string[][] => {
  const section =
    heading === undefined ? text : (text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '')
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
}

const namesIn = (cell: string | undefined) => [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name as string)

const fieldsOf = (file: string, name: string): string[] => {
  const body = new RegExp(`export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(source(file))?.[1] ?? ''
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field]) => field as string)
}

describe('docs/reference/errors.md', () => {
  const kinds = rows(page('errors.md'), 'Kinds')

  it('has a row for each error kind, in the order of the list', () => {
    expect(kinds.map(([kind]) => namesIn(kind)[0])).toEqual([...errorKinds])
  })

  it('advises to run the work again exactly where classifyError does', () => {
    const advised = kinds.filter(([, , , again]) => again === 'yes' || again === 'whole transaction')
    expect(advised.map(([kind]) => namesIn(kind)[0])).toEqual(errorKinds.filter((kind) => retryableKinds.has(kind)))
  })

  it('has a row for each code of our own', () => {
    const codes = [...source('errors/tally-error.ts').matchAll(/^ {2}\| '(PGTALLY_\w+)'/gm)].map(([, code]) => code)
    expect(codes).toContain('PGTALLY_INVALID_OPTION')
    const described = rows(page('errors.md'), "Codes of pgtally's own").map(([code]) => namesIn(code)[0])
    expect(described).toEqual(codes)
  })
})

describe('docs/reference/events.md', () => {
  it.each([
    ['QueryEvent', 'events/query-event.ts'],
    ['TransactionEvent', 'events/transaction-event.ts'],
    ['TransactionIdleEvent', 'events/transaction-event.ts'],
    ['OperationSnapshot', 'tally/snapshot.ts'],
  ])('has the fields of %s, in their order', (name, file) => {
    const fields = fieldsOf(file, name)
    expect(fields).toContain('operation')
    expect(rows(page('events.md'), name).flatMap(([field]) => namesIn(field))).toEqual(fields)
  })
})
