import { durationOr0 } from '../clock.ts'
import type { TransactionIdleEvent } from '../events/transaction-event.ts'
import { BoundSession } from '../session/bound-session.ts'

/** Time in which a transaction was open and no statement ran. */
export interface IdleFacts {
  readonly idleMs: number
  readonly longestIdleMs: number
  /** Operation of the tracked call that ended before the longest gap; absent where none did. */
  readonly longestIdleAfter: string | undefined
}

export interface TransactionTimeline {
  began(): void
  busy(): void
  /** `call` ran the last statement that was under way. */
  idle(call: BoundSession): void
  workEnded(): void
  /** Absent where it never began. */
  facts(): IdleFacts | undefined
}

export interface IdleWarning {
  readonly afterMs: number
  warn(facts: Pick<TransactionIdleEvent, 'idleMs' | 'openMs' | 'idleAfter'>): void
}

/** Adds up the gaps; warns once while one lasts too long. */
export const createTransactionTimeline = (now: () => number, warning: IdleWarning | undefined): TransactionTimeline => {
  let beganAt: number | undefined
  let idleSince: number | undefined
  let after: string | undefined
  let idleMs = 0
  let longestIdleMs = 0
  let longestIdleAfter: string | undefined
  let warned = warning === undefined
  let over = false
  let timer: NodeJS.Timeout | undefined

  const watch = () => {
    if (warned) return
    timer = setTimeout(() => {
      warned = true
      const at = now()
      warning?.warn({
        idleMs: durationOr0(at - (idleSince as number)),
        openMs: durationOr0(at - (beganAt as number)),
        ...(after === undefined ? {} : { idleAfter: after }),
      })
    }, warning?.afterMs)
    timer.unref()
  }
  const startGap = () => {
    idleSince = now()
    watch()
  }
  const endGap = () => {
    if (idleSince === undefined) return
    clearTimeout(timer)
    const gapMs = durationOr0(now() - idleSince)
    idleSince = undefined
    idleMs += gapMs
    if (gapMs <= longestIdleMs) return
    longestIdleMs = gapMs
    longestIdleAfter = after
  }

  return {
    began() {
      startGap()
      beganAt = idleSince
    },
    busy: endGap,
    idle(call) {
      // A statement that was under way when the connection was lost ends after its transaction.
      if (over) return
      const record = BoundSession.recordOf(call)
      const of = record === undefined ? undefined : BoundSession.functionOf(record)
      after = of?.series.kind === 'query' ? of.series.operation : undefined
      startGap()
    },
    workEnded() {
      over = true
      endGap()
    },
    facts: () => (beganAt === undefined ? undefined : { idleMs, longestIdleMs, longestIdleAfter }),
  }
}
