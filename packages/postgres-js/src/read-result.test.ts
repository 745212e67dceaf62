import { expect, it } from 'vitest'
import { readResult } from './read-result.ts'

const result = (rows: unknown[], count: number | null, command: string | null) =>
  Object.assign(rows, { count, command })

it('gives the very array that postgres.js made, and its count', () => {
  const answer = result([{ id: 1 }], 1, 'SELECT')
  expect(readResult('select 1', true, answer)).toEqual({
    rows: answer,
    rowCount: 1,
    command: 'SELECT',
    statementCount: 1,
    totalRowCount: 1,
  })
  expect(readResult('select 1', true, answer).rows).toBe(answer)
})

it('reports nothing where the server did not', () => {
  expect(readResult('create table a ()', true, result([], null, 'CREATE TABLE'))).toMatchObject({
    rowCount: undefined,
    command: 'CREATE',
    totalRowCount: undefined,
  })
  expect(() => readResult('select 1', true, result([], null, null))).toThrow('not known')
  expect(readResult('', true, result([], null, null))).toMatchObject({ rowCount: undefined, command: undefined })
})

it('takes the holes out that a cursor before has left, and believes the count', () => {
  const answer = result([], 1, 'SELECT')
  answer[4] = { id: 1 }
  const { rows, rowCount } = readResult('select 1', false, answer)
  expect(rows).toEqual([{ id: 1 }])
  expect(rowCount).toBe(1)
})

it('sums up several results, and knows no count where some were merged', () => {
  const several = [result([1], 1, 'SELECT'), result([2, 3], 2, 'SELECT')]
  expect(readResult('select 1; select 2', true, several)).toEqual({
    rows: several[1],
    rowCount: 2,
    command: 'SELECT',
    statementCount: 2,
    totalRowCount: 3,
  })
  expect(readResult('select 1; delete from a; select 2', true, several)).toMatchObject({
    rowCount: undefined,
    statementCount: 3,
    totalRowCount: undefined,
  })
})
