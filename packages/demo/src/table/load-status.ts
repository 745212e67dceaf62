import type { OperationSnapshot } from '@pgtally/core'
import type { PoolNumbers } from '@pgtally/core/adapter'
import { formatCount } from '../format/format-count.ts'
import { byGreatest, sumOf } from '../report/finding.ts'

export interface LoadStatus {
  readonly elapsedMs: number
  readonly durationMs: number
  /** `stopping`: no step is begun any more, those under way are waited for. */
  readonly phase: 'running' | 'stopping' | 'ended'
  /** Absent where the driver has no pool. */
  readonly pool: PoolNumbers | undefined
}

const phaseText = { running: undefined, stopping: 'last calls', ended: 'ended' } as const

/** The line above the live table. */
export const renderStatus = ({ elapsedMs, durationMs, phase, pool }: LoadStatus): string => {
  const time = `${seconds(Math.min(elapsedMs, durationMs))} of ${seconds(durationMs)} s`
  return ['pgtally demo', time, phase === 'ended' ? undefined : poolText(pool), phaseText[phase]]
    .filter((part) => part !== undefined)
    .join(' · ')
}

/** What is printed now and then where there is no terminal to redraw a table on. */
export const renderPlainLine = (snapshot: readonly OperationSnapshot[], { elapsedMs, pool }: LoadStatus): string => {
  const calls = sumOf(snapshot, (operation) => operation.calls)
  const slow = sumOf(snapshot, (operation) => operation.slow)
  const expected = sumOf(snapshot, ({ expectedErrors }) => expectedErrors)
  const rate = elapsedMs > 0 ? Math.round((calls * 1000) / elapsedMs) : 0
  return [
    `${seconds(elapsedMs)} s: ${formatCount(calls)} calls (${formatCount(rate)}/s)`,
    `${formatCount(slow)} slow`,
    describeFailures(snapshot),
    `${formatCount(expected)} expected errors`,
    poolText(pool),
  ]
    .filter((part) => part !== undefined)
    .join(', ')
}

const describeFailures = (snapshot: readonly OperationSnapshot[]): string => {
  const counts = new Map<string, number>()
  for (const { errors } of snapshot) {
    for (const [kind, count] of Object.entries(errors)) counts.set(kind, (counts.get(kind) ?? 0) + count)
  }
  const kinds = byGreatest([...counts], ([, count]) => count).map(([kind, count]) => `${kind} ${formatCount(count)}`)
  const failed = `${formatCount(sumOf([...counts.values()], (count) => count))} failed`
  return kinds.length === 0 ? failed : `${failed} (${kinds.join(', ')})`
}

const seconds = (ms: number) => String(Math.round(ms / 100) / 10)

const poolText = (pool: PoolNumbers | undefined) => {
  if (pool === undefined) return undefined
  const limit = pool.limit === undefined ? '' : ` of ${pool.limit}`
  return `pool: ${pool.used}${limit} in use, ${pool.pending} waiting`
}
