import { type DriverResult, splitStatements } from '@pgtally/core/adapter'

/** What postgres.js resolves a statement to; a text with several statements to an array of it. */
interface PostgresResult extends Array<unknown> {
  readonly count: number | null
  readonly command: string | null
}

/**
 * postgres.js makes a result only for a statement that has rows: what follows without rows is merged into it, and the count that it
 * keeps is the first one's. Where that happened no count is known.
 *
 * @throws where the answer cannot be the statement's
 */
export const readResult = (text: string, isSimple: boolean, answer: readonly unknown[]): DriverResult => {
  const results = ('count' in answer ? [answer] : answer) as readonly PostgresResult[]
  const last = results.at(-1) as PostgresResult
  if (last.command === null && splitStatements(text).length > 0) throw answerOfAnother()
  const statementCount = isSimple && text.includes(';') ? Math.max(1, splitStatements(text).length) : 1
  const isMerged = statementCount > results.length
  const counts = results.map(({ count }) => count).filter((count) => typeof count === 'number')
  return {
    rows: withoutHoles(last),
    rowCount: isMerged ? undefined : (last.count ?? undefined),
    command: last.command?.split(' ', 1)[0],
    statementCount: Math.max(statementCount, results.length),
    totalRowCount: isMerged || counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
  }
}

/** After a type parser has thrown inside a cursor, postgres.js takes answers without a statement of their own for those of the next ones. */
const answerOfAnother = () =>
  new Error('The answer to this statement is not known: a type parser had thrown inside a stream on its connection.')

/** After a cursor that failed, the next result on its connection begins with as many holes as the cursor's last batch had rows. */
export const withoutHoles = (rows: readonly unknown[]): unknown[] =>
  rows.length === 0 || 0 in rows ? (rows as unknown[]) : rows.filter(() => true)
