import { describe, expect, it } from 'vitest'
import { sqlStates } from '../../test/sql-states.ts'
import { classifyError } from './classify-error.ts'
import { errorKinds } from './error-kind.ts'
import { isSqlState } from './sql-state.ts'

describe('a SQLSTATE', () => {
  it.each(sqlStates)('%s (%s) is %s', (sqlState, _condition, kind) => {
    const error = Object.assign(new Error('connection terminated: deadlock'), { code: sqlState, severity: 'ERROR' })
    expect(classifyError(error)).toMatchObject({ kind, sqlState })
  })

  it('is listed here once, and so is each code of the table', () => {
    expect(new Set(sqlStates.map(([sqlState]) => sqlState)).size).toBe(sqlStates.length)
    expect(sqlStates.length).toBeGreaterThanOrEqual(255)
    for (const [, , kind] of sqlStates) expect(errorKinds).toContain(kind)
  })

  it.each([
    ['22ZZZ', 'data_exception'],
    ['23ZZZ', 'integrity_violation'],
    ['25ZZZ', 'transaction_state'],
    ['08ZZZ', 'connection_lost'],
    ['42ZZZ', 'invalid_statement'],
    ['53ZZZ', 'resource_exhausted'],
    ['57ZZZ', 'other_sql'],
    ['HVZZZ', 'other_sql'],
    ['P0ZZZ', 'raised'],
    ['XXZZZ', 'server_error'],
  ])('%s, which no table has, is of the kind of its class: %s', (sqlState, kind) => {
    expect(classifyError({ code: sqlState, severity: 'ERROR' })).toMatchObject({ kind, sqlState })
  })

  it('of a class that a function made up is raised', () => {
    expect(classifyError({ code: 'MY001', severity: 'ERROR' })).toEqual({
      kind: 'raised',
      sqlState: 'MY001',
      retryable: false,
    })
  })

  it.each(['P2002', 'EPERM', 'EROFS', 'LIMIT'])('is not seen in %s, which is no code of a server', (code) => {
    expect(classifyError({ code })).toEqual({ kind: 'application', retryable: false })
  })

  it('is known by its code alone, without a severity', () => {
    expect(classifyError({ code: '57014' })).toEqual({ kind: 'canceled', sqlState: '57014', retryable: false })
  })

  it('of an unsupported feature is a stale prepared statement when the routine says so', () => {
    const stale = { code: '0A000', severity: 'ERROR', routine: 'RevalidateCachedQuery' }
    expect(classifyError(stale)).toEqual({ kind: 'prepared_statement', sqlState: '0A000', retryable: true })
  })
})

describe('isSqlState', () => {
  it.each(['00000', '23505', 'P0001', 'XX000', 'ABCDE'])('takes %s', (value) => {
    expect(isSqlState(value)).toBe(true)
  })

  it.each([['2350'], ['235055'], ['2350a'], ['23 05'], ['23505\n'], [''], [23505], [undefined], [['23505']], [{}]])(
    'refuses %j',
    (value) => {
      expect(isSqlState(value)).toBe(false)
    },
  )
})
