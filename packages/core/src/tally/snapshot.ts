import type { ErrorKind } from '../errors/error-kind.ts'
import { type DurationHistogram, greatestMs, percentileMs, slotCounts, sumMs } from './duration-histogram.ts'
import { active, type CallKind, type Series, slow } from './series.ts'

/** What was counted for one set of labels since the process began to track it. */
export interface OperationSnapshot {
  readonly operation: string
  /** Absent where none was given. */
  readonly table?: string
  readonly service?: string
  readonly kind: CallKind
  /** Calls that ended. */
  readonly calls: number
  /** Calls per error kind, expected ones left out. Of a transaction: those rolled back or of unknown outcome. */
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>
  readonly expectedErrors: number
  readonly slow: number
  /** Calls under way. */
  readonly active: number
  readonly totalMs: number
  /** At most 6 % off, as the other percentiles. */
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Exact. */
  readonly maxMs: number
}

const add = (left: number[], right: readonly number[]): number[] =>
  left.map((count, slot) => count + (right[slot] as number))

const snapshotOf = (group: readonly Series[], service: string | undefined): OperationSnapshot => {
  const first = group[0] as Series
  const failures = group.flatMap((series) => [...series.failures.values()])
  const histograms: DurationHistogram[] = [
    ...group.map((series) => series.succeeded),
    ...failures.map((of) => of.durations),
  ]
  const counts = histograms.map(slotCounts).reduce(add)
  const maxMs = Math.max(...histograms.map(greatestMs))
  const counter = (index: number) => group.reduce((sum, series) => sum + (series.counters[index] as number), 0)
  const callsOf = (of: (typeof failures)[number]) => [...of.sqlStates.values()].reduce((sum, calls) => sum + calls, 0)

  const errors: Partial<Record<ErrorKind, number>> = {}
  let expectedErrors = 0
  for (const of of failures) {
    if (of.expected) expectedErrors += callsOf(of)
    else errors[of.kind] = (errors[of.kind] ?? 0) + callsOf(of)
  }
  return {
    operation: first.operation,
    ...(first.table === undefined ? {} : { table: first.table }),
    ...(service === undefined ? {} : { service }),
    kind: first.kind,
    calls: counts.reduce((sum, count) => sum + count, 0),
    errors,
    expectedErrors,
    slow: counter(slow),
    active: counter(active),
    totalMs: histograms.reduce((sum, { numbers }) => sum + (numbers[sumMs] as number), 0),
    p50Ms: percentileMs(counts, 0.5, maxMs),
    p95Ms: percentileMs(counts, 0.95, maxMs),
    p99Ms: percentileMs(counts, 0.99, maxMs),
    maxMs,
  }
}

/** One entry per set of labels. A function without a service of its own has the tracker's. */
export const takeSnapshot = (all: readonly Series[], trackerService: string | undefined): OperationSnapshot[] => {
  const groups = new Map<string, Series[]>()
  for (const series of all) {
    const key = JSON.stringify([series.kind, series.operation, series.table, series.service ?? trackerService])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [series])
    else group.push(series)
  }
  return [...groups.values()].map((group) => snapshotOf(group, (group[0] as Series).service ?? trackerService))
}
