import { type Clock, durationOr0 } from '../clock.ts'
import { BoundSession } from './bound-session.ts'
import type { DriverCall } from './session-driver.ts'

/** Adds what one text of a call did to the call's record, as long as the call runs. */
export interface CallMeter {
  /** What the driver is handed: it reports when it has a connection. */
  driverCall(lost: (error: unknown) => void): DriverCall
  /** The text was answered. `rowCount` is absent where the server reported none. */
  answered(statementCount: number, rowCount: number | undefined): void
  failed(): void
  rows(count: number): void
}

const ignore = () => {}

const unmetered: CallMeter = {
  driverCall: (lost) => ({ connected: ignore, lost }),
  answered: ignore,
  failed: ignore,
  rows: ignore,
}

/** `seesWait`: the driver reports when it has a connection, so a text that failed before was never sent. */
export const meterCall = (session: BoundSession, text: string, seesWait: boolean): CallMeter => {
  const record = BoundSession.recordOf(session)
  if (record === undefined) return unmetered
  const { tracker } = BoundSession.functionOf(record)
  const { clock, keepStatementText } = tracker
  const startedAt = seesWait || keepStatementText ? clock.now() : 0
  let sent = !seesWait
  const facts = () => (BoundSession.recordOf(record) === undefined ? undefined : BoundSession.factsOf(record))
  const count = (statements: number) => {
    const of = facts()
    if (of === undefined) return
    of.statementCount += statements
    if (keepStatementText) keepLongest(of, text, clock, startedAt)
  }
  const rows = (rowCount: number) => {
    const of = facts()
    if (of !== undefined) of.rowCount = (of.rowCount ?? 0) + rowCount
  }
  return {
    driverCall: (lost) => ({
      connected() {
        sent = true
        const of = facts()
        if (of !== undefined && seesWait) of.poolWaitMs += durationOr0(clock.now() - startedAt)
      },
      lost,
    }),
    answered(statementCount, rowCount) {
      count(statementCount)
      if (rowCount !== undefined) rows(rowCount)
    },
    failed: () => count(sent ? 1 : 0),
    rows,
  }
}

const keepLongest = (
  facts: { longestMs: number; longestText: string | undefined },
  text: string,
  clock: Clock,
  startedAt: number,
): void => {
  const durationMs = clock.now() - startedAt
  if (durationMs <= facts.longestMs) return
  facts.longestMs = durationMs
  facts.longestText = text
}
