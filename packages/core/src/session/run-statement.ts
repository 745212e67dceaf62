import type { CallMeter } from './call-meter.ts'
import type { QueryOptions, QueryResult } from './session.ts'
import type { DriverStatement, PendingStatement } from './session-driver.ts'
import { untilAborted } from './until-aborted.ts'

/** Sends one text and counts it for its call. */
export const runStatement = (
  text: string,
  values: readonly unknown[] | undefined,
  options: QueryOptions | undefined,
  meter: CallMeter,
  send: (statement: DriverStatement) => PendingStatement,
): Promise<QueryResult<unknown>> => {
  let pending: PendingStatement
  try {
    pending = send({ text, values, name: options?.name, singleStatement: options?.singleStatement === true })
  } catch (error) {
    return Promise.reject(error)
  }
  const result = options?.signal === undefined ? pending.result : untilAborted(pending.result, pending, options.signal)
  return result.then(
    ({ rows, rowCount, command, statementCount, totalRowCount }) => {
      meter.answered(statementCount, totalRowCount)
      return { rows, rowCount, command }
    },
    (error) => {
      meter.failed()
      throw error
    },
  )
}
