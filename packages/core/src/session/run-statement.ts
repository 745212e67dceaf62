import { type CallMeter, countAnswer, countFailure } from './call-meter.ts'
import type { QueryOptions, QueryResult } from './session.ts'
import type { DriverStatement, PendingStatement } from './session-driver.ts'
import { statementsAnswered, type TransactionState } from './transaction-state.ts'
import { untilAborted } from './until-aborted.ts'

/** Sends one text and counts it for its call, and for the transaction that it runs in. */
export const runStatement = (
  text: string,
  values: readonly unknown[] | undefined,
  options: QueryOptions | undefined,
  meter: CallMeter | undefined,
  within: TransactionState | undefined,
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
      countAnswer(meter, statementCount, totalRowCount)
      if (within !== undefined) statementsAnswered(within, statementCount)
      return { rows, rowCount, command }
    },
    (error) => {
      countFailure(meter)
      if (within !== undefined) statementsAnswered(within, 1)
      throw error
    },
  )
}
