import { durationOr0 } from '../clock.ts'
import { BoundSession } from './bound-session.ts'
import type { DriverCall } from './session-driver.ts'

/** One text of a tracked call, under way. Plain data: it is made for each statement. */
export interface CallMeter {
  readonly record: BoundSession
  readonly text: string
  readonly seesWait: boolean
  /** 0 where nobody asks for times. */
  readonly startedAt: number
  /** A driver that reports when it has a connection has not sent the text before. */
  sent: boolean
}

const clockOf = (record: BoundSession) => BoundSession.functionOf(record).tracker.clock

/** Undefined where the Session works for no tracked call. */
export const meterCall = (session: BoundSession, text: string, seesWait: boolean): CallMeter | undefined => {
  const record = BoundSession.recordOf(session)
  if (record === undefined) return undefined
  const { clock, keepStatementText } = BoundSession.functionOf(record).tracker
  return { record, text, seesWait, startedAt: seesWait || keepStatementText ? clock.now() : 0, sent: !seesWait }
}

/** What happens after the call has ended is kept off its record. */
const factsOf = ({ record }: CallMeter) =>
  BoundSession.recordOf(record) === undefined ? undefined : BoundSession.factsOf(record)

const count = (meter: CallMeter, statementCount: number): void => {
  const facts = factsOf(meter)
  if (facts === undefined) return
  facts.statementCount += statementCount
  const { tracker } = BoundSession.functionOf(meter.record)
  if (!tracker.keepStatementText) return
  const durationMs = tracker.clock.now() - meter.startedAt
  if (durationMs <= facts.longestMs) return
  facts.longestMs = durationMs
  facts.longestText = meter.text
}

export const countRows = (meter: CallMeter | undefined, rowCount: number): void => {
  const facts = meter === undefined ? undefined : factsOf(meter)
  if (facts !== undefined) facts.rowCount = (facts.rowCount ?? 0) + rowCount
}

/** `rowCount` is absent where the server reported none. */
export const countAnswer = (
  meter: CallMeter | undefined,
  statementCount: number,
  rowCount: number | undefined,
): void => {
  if (meter === undefined) return
  count(meter, statementCount)
  if (rowCount !== undefined) countRows(meter, rowCount)
}

export const countFailure = (meter: CallMeter | undefined): void => {
  if (meter !== undefined) count(meter, meter.sent ? 1 : 0)
}

const ignore = () => {}
const unheard: DriverCall = { connected: ignore, lost: ignore }

/** What the driver is handed: it reports when it has a connection, and when it lost one. */
export const driverCallOf = (meter: CallMeter | undefined, lost: (error: unknown) => void = ignore): DriverCall => {
  if (meter === undefined || !meter.seesWait) return lost === ignore ? unheard : { connected: ignore, lost }
  return {
    connected() {
      meter.sent = true
      const facts = factsOf(meter)
      if (facts !== undefined) facts.poolWaitMs += durationOr0(clockOf(meter.record).now() - meter.startedAt)
    },
    lost,
  }
}
