import { classifyError, type Observer, type QueryEvent, type TransactionEvent } from '@pgtally/core'
import { addTo, type CallFacts, type FailureFacts, noAmount, type SeriesName } from './call-facts.ts'

type Growing<Facts> = { -readonly [Key in keyof Facts]: Facts[Key] }
type Facts = Growing<Omit<CallFacts, 'whenSlow' | 'failures'>> & {
  whenSlow: Growing<CallFacts['whenSlow']>
  failures: Map<string, Growing<FailureFacts>>
}

export interface CallWatch {
  /** To be given to `tracking.observe`. */
  readonly observer: Observer
  facts(): CallFacts[]
}

const waitedFromMs = 1

const noFacts = (series: SeriesName): Facts => ({
  series,
  slowThresholdMs: 0,
  durationMs: noAmount,
  statements: noAmount,
  poolWaitMs: noAmount,
  waitedCalls: 0,
  beginMs: noAmount,
  idleMs: noAmount,
  longestIdleMs: 0,
  longestIdleAfter: undefined,
  whenSlow: { durationMs: noAmount, poolWaitMs: noAmount, beginMs: noAmount, idleMs: noAmount },
  failures: new Map(),
})

const addFailure = (of: Facts, event: QueryEvent | TransactionEvent, expected: boolean) => {
  const kind = event.errorKind
  if (kind === undefined) return
  const failure = of.failures.get(kind) ?? { kind, calls: 0, expected: 0, retryable: true }
  failure.calls++
  if (expected) failure.expected++
  failure.retryable &&= classifyError(event.error).retryable
  of.failures.set(kind, failure)
}

const addCommon = (of: Facts, event: QueryEvent | TransactionEvent, expected: boolean) => {
  of.slowThresholdMs = event.slowThresholdMs
  of.durationMs = addTo(of.durationMs, event.durationMs)
  of.statements = addTo(of.statements, event.statementCount)
  if (event.slow) of.whenSlow.durationMs = addTo(of.whenSlow.durationMs, event.durationMs)
  addFailure(of, event, expected)
}

const addQuery = (of: Facts, event: QueryEvent) => {
  addCommon(of, event, event.outcome === 'expected_error')
  of.poolWaitMs = addTo(of.poolWaitMs, event.poolWaitMs)
  if ((event.poolWaitMs ?? 0) >= waitedFromMs) of.waitedCalls++
  if (event.slow) of.whenSlow.poolWaitMs = addTo(of.whenSlow.poolWaitMs, event.poolWaitMs)
}

const addTransaction = (of: Facts, event: TransactionEvent) => {
  addCommon(of, event, event.expected)
  of.beginMs = addTo(of.beginMs, event.beginMs)
  of.idleMs = addTo(of.idleMs, event.idleMs)
  if ((event.longestIdleMs ?? 0) > of.longestIdleMs) {
    of.longestIdleMs = event.longestIdleMs ?? 0
    of.longestIdleAfter = event.longestIdleAfter
  }
  if (!event.slow) return
  of.whenSlow.beginMs = addTo(of.whenSlow.beginMs, event.beginMs)
  of.whenSlow.idleMs = addTo(of.whenSlow.idleMs, event.idleMs)
}

const nameOf = (kind: SeriesName['kind'], { operation, service }: QueryEvent | TransactionEvent): SeriesName => ({
  kind,
  operation,
  ...(service === undefined ? {} : { service }),
})

/** Adds up events per series. It keeps sums only; the tracker's `seriesLimit` bounds the series, core's list the error kinds. */
export const watchCalls = (): CallWatch => {
  const all = new Map<string, Facts>()
  const factsOf = (series: SeriesName): Facts => {
    const key = JSON.stringify([series.kind, series.operation, series.table, series.service])
    const known = all.get(key)
    if (known !== undefined) return known
    const facts = noFacts(series)
    all.set(key, facts)
    return facts
  }
  return {
    observer: {
      queryEnded(event) {
        const { table } = event
        addQuery(factsOf({ ...nameOf('query', event), ...(table === undefined ? {} : { table }) }), event)
      },
      transactionEnded: (event) => addTransaction(factsOf(nameOf('transaction', event)), event),
    },
    facts: () => [...all.values()].map((facts) => ({ ...facts, failures: [...facts.failures.values()] })),
  }
}
