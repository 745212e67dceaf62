import type { CallMeter } from './call-meter.ts'
import type { DriverCursor } from './session-driver.ts'
import { untilAborted } from './until-aborted.ts'

/** The rows of a cursor, batch by batch; the cursor is closed however the reading ends. */
export async function* readRows(
  open: () => DriverCursor,
  meter: CallMeter,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const cursor = open()
  let answered = false
  try {
    for (;;) {
      const next = cursor.next()
      const batch = await (signal === undefined ? next : untilAborted(next, cursor, signal))
      if (!answered) meter.answered(1, undefined)
      answered = true
      if (batch.length === 0) return
      meter.rows(batch.length)
      yield* batch
    }
  } catch (error) {
    if (!answered) meter.failed()
    throw error
  } finally {
    // Only a lost connection makes it reject: the rows are out, or the loss has been told already.
    await cursor.close().catch(() => {})
  }
}
