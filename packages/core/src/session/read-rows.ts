import { type CallMeter, countAnswer, countFailure, countRows } from './call-meter.ts'
import type { DriverCursor } from './session-driver.ts'
import { statementsAnswered, type TransactionState } from './transaction-state.ts'
import { untilAborted } from './until-aborted.ts'

/** The rows of a cursor, batch by batch; the cursor is closed however the reading ends. */
export async function* readRows(
  open: () => DriverCursor,
  meter: CallMeter | undefined,
  within: TransactionState | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const cursor = open()
  let answered = false
  try {
    for (;;) {
      const next = cursor.next()
      const batch = await (signal === undefined ? next : untilAborted(next, cursor, signal))
      if (!answered) {
        answered = true
        countAnswer(meter, 1, undefined)
        if (within !== undefined) statementsAnswered(within, 1)
      }
      if (batch.length === 0) return
      countRows(meter, batch.length)
      yield* batch
    }
  } catch (error) {
    if (!answered) {
      countFailure(meter)
      if (within !== undefined) statementsAnswered(within, 1)
    }
    throw error
  } finally {
    // Only a lost connection makes it reject: the rows are out, or the loss has been told already.
    await cursor.close().catch(() => {})
  }
}
