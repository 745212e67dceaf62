import pg from 'pg'
import { expect, it } from 'vitest'
import { requireSupportedPg } from './require-supported-pg.ts'

it('accepts the client of a pg that can refuse a second statement, and its heirs', () => {
  requireSupportedPg(pg.Client)
  requireSupportedPg(class extends pg.Client {})
})

it('refuses a client whose queries know no query mode, as before 8.12, and says what to install', () => {
  class Query {
    readonly values = undefined
    requiresPreparation() {
      return this.values !== undefined
    }
  }
  const refusal = expect.objectContaining({
    code: 'PGTALLY_INVALID_OPTION',
    message: expect.stringContaining('npm install pg@^8.12'),
  })
  expect(() => requireSupportedPg({ Query })).toThrow(refusal)
})

it('refuses native clients and those of something else', () => {
  const refusal = expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION' })
  for (const wrong of [undefined, class {}, { Query: class {} }]) {
    expect(() => requireSupportedPg(wrong)).toThrow(refusal)
  }
})
