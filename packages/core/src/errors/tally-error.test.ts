import { describe, expect, it } from 'vitest'
import { createTallyError } from './tally-error.ts'

describe('createTallyError', () => {
  it('gives an Error with a stable code, whose stack begins where it was made', () => {
    const error = createTallyError('PGTALLY_STREAM_OPEN', 'Read the stream to its end first.')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'PgTallyError',
      code: 'PGTALLY_STREAM_OPEN',
      message: 'Read the stream to its end first.',
    })
    expect(String(error)).toBe('PgTallyError: Read the stream to its end first.')
    expect(error.stack).toMatch(/^PgTallyError: Read/)
    expect(error.stack?.split('\n')[1]).toContain('tally-error.test.ts')
    expect('cause' in error).toBe(false)
  })

  it('keeps the very cause it is given, even undefined', () => {
    const cause = Object.freeze({})
    expect(createTallyError('PGTALLY_TRANSACTION_CLOSED', 'm', { cause }).cause).toBe(cause)
    expect('cause' in createTallyError('PGTALLY_TRANSACTION_CLOSED', 'm', { cause: undefined })).toBe(true)
  })

  it('shows no cause to a serialiser', () => {
    const error = createTallyError('PGTALLY_TRANSACTION_CLOSED', 'm', { cause: new Error('secret') })
    expect(JSON.stringify(error)).toBe('{"code":"PGTALLY_TRANSACTION_CLOSED"}')
  })
})
