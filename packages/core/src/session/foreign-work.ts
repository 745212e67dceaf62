import { ambientCall } from './ambient-call.ts'
import { BoundSession } from './bound-session.ts'
import type { SessionDriver } from './session-driver.ts'

/** Statements that ran beside an open transaction, on its database but not in it. */
export interface ForeignWork {
  statementCount: number
  /** Tracked functions that sent them, at most 10 by name. */
  readonly operations: Set<string>
}

const namedAtMost = 10

export const createForeignWork = (): ForeignWork => ({ statementCount: 0, operations: new Set() })

/** Called for a statement outside any transaction: if its caller has one open on the same database, it was probably meant for it. */
export const noteForeignWork = (driver: SessionDriver): void => {
  const caller = ambientCall()
  for (let record = caller; record !== undefined; record = BoundSession.enclosing(record)) {
    const scope = BoundSession.scopeIfAny(record)
    if (scope?.foreign === undefined || scope.driver !== driver) continue
    scope.foreign.statementCount++
    const { series } = BoundSession.functionOf(caller as BoundSession)
    if (series.kind === 'query' && scope.foreign.operations.size < namedAtMost)
      scope.foreign.operations.add(series.operation)
    return
  }
}
