import { expect, it } from 'vitest'
import { createPgliteSession } from './create-pglite-session.ts'

const method = async () => expect.unreachable()

it.each([
  ['nothing', undefined],
  ['a promise of a PGlite', Promise.resolve()],
  ['a transaction of PGlite', { query: method, exec: method, rollback: method }],
  ['a connection string', 'memory://'],
])('refuses %s', (_what, database) => {
  expect(() => createPgliteSession(database as never)).toThrow(
    expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION' }),
  )
})
