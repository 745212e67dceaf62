import { BoundSession, type StatementFacts } from '../session/bound-session.ts'
import { recordCount } from '../tally/count-histogram.ts'
import { createDurationHistogram, recordDuration } from '../tally/duration-histogram.ts'
import type { Series } from '../tally/series.ts'

/** Closes a call's record and tallies its statements. Undefined where none ran. */
export const settleRecord = (series: Series, record: BoundSession): StatementFacts | undefined => {
  const facts = BoundSession.settle(record)
  const scope = BoundSession.scopeIfAny(record)
  // Without a Session a call that shows no statement may have run some that nobody saw.
  if (scope === undefined && facts === undefined) return undefined
  recordCount(series.statements, facts?.statementCount ?? 0)
  if (scope?.driver.capabilities.poolWait) {
    series.poolWait ??= createDurationHistogram()
    recordDuration(series.poolWait, facts?.poolWaitMs ?? 0)
  }
  return facts
}
