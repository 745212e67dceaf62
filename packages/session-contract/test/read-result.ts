import type { DriverResult } from '@pgtally/core/adapter'
import type { QueryResult } from 'pg'
import type { DriverFault } from './driver-fault.ts'

export function readResult(answer: QueryResult | QueryResult[], fault?: DriverFault): DriverResult {
  const results = Array.isArray(answer) ? answer : [answer]
  const last = (fault === 'gives the first result' ? results[0] : results.at(-1)) as QueryResult
  const counts = results.flatMap(({ rowCount }) => (rowCount === null ? [] : [rowCount]))
  return {
    rows: fault === 'freezes rows' ? last.rows.map((row) => Object.freeze(row)) : last.rows,
    rowCount: last.rowCount ?? (fault === 'guesses the row count' ? 0 : undefined),
    command: last.command ?? undefined,
    statementCount: results.length,
    totalRowCount: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
  }
}
