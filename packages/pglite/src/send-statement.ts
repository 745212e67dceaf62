import type { DriverStatement, PendingStatement } from '@pgtally/core/adapter'
import type { PgliteStatements } from './pglite-database.ts'
import { readResults } from './read-results.ts'
import type { StatementQueue } from './statement-queue.ts'

/** What has been handed to PGlite runs to its end; what waits for its turn is withdrawn by `cancel`. */
export const sendStatement = (
  target: PgliteStatements,
  queue: StatementQueue,
  { text, values, name, singleStatement }: DriverStatement,
): PendingStatement => {
  const isSimple = values === undefined && name === undefined && !singleStatement
  const { result, leave } = queue.enter(async () =>
    readResults(isSimple ? await target.exec(text) : [await target.query(text, values as unknown[] | undefined)]),
  )
  return { result, cancel: leave, abandon() {} }
}
