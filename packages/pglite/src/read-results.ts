import type { DriverResult } from '@pgtally/core/adapter'
import type { PgliteResult } from './pglite-database.ts'

/** What the command tags said, the last one's rows as PGlite made them. */
export const readResults = (results: readonly PgliteResult[]): DriverResult => {
  const last = results.at(-1)
  const counts = results.map(({ rowCount }) => rowCount).filter((count) => count !== undefined)
  return {
    rows: last?.rows ?? [],
    rowCount: last?.rowCount,
    command: last?.command,
    statementCount: results.length,
    totalRowCount: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
  }
}
