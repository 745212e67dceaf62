import { readFileSync } from 'node:fs'
import { startPostgres, testMajors } from '@pgtally/throwaway-postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLaw } from '../src/check-law.ts'
import { sessionLaws } from '../src/session-laws.ts'
import { brokenAdapters } from './broken-adapters.ts'
import { referenceHarness } from './reference-harness.ts'

describe('the laws can fail', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  beforeAll(async () => {
    server = await startPostgres({ major: testMajors().at(-1) ?? 18 })
  })
  afterAll(() => server.stop())

  for (const [law, adapters] of brokenAdapters) {
    for (const adapter of adapters) {
      it(`${law.number}: an adapter that ${adapter.title} fails: ${law.title}`, async () => {
        const outcome = await checkLaw(
          law,
          referenceHarness(() => server.connectionString, adapter),
        ).then(
          () => 'kept',
          (error: Error) => error,
        )
        expect(outcome).toBeInstanceOf(Error)
      })
    }
  }
})

it('every law has an adapter that breaks it', () => {
  expect(brokenAdapters.map(([law]) => law.title)).toEqual(sessionLaws.map((law) => law.title))
})

it('the README names the adapters that break each law', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ')
  for (const [law, adapters] of brokenAdapters) {
    const titles = adapters.map(({ title }) => title).join('; ')
    expect(readme).toContain(`| ${law.number} | ${law.title} | ${law.needs} | ${titles} |`)
  }
})
