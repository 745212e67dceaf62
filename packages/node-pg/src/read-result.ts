import type { DriverResult } from '@pgtally/core/adapter'

/** What `pg` resolves a statement to; of a text with several statements an array of it. */
interface PgResult {
  readonly rows: unknown[]
  readonly rowCount: number | null
  readonly command: string | null
}

export const readResult = (answer: unknown): DriverResult => {
  const results = (Array.isArray(answer) ? answer : [answer]) as readonly PgResult[]
  const last = results.at(-1) as PgResult
  const counts = results.map(({ rowCount }) => rowCount).filter((count) => typeof count === 'number')
  return {
    rows: last.rows,
    rowCount: last.rowCount ?? undefined,
    command: last.command ?? undefined,
    statementCount: results.length,
    totalRowCount: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
  }
}
