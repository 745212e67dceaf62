import { formatCalls } from '../format/format-count.ts'
import { formatDuration } from '../format/format-duration.ts'
import { formatShare } from '../format/format-share.ts'
import { byGreatest, type Finding, type Operation } from './finding.ts'

/** Below this, in the worst call, a wait for a connection is not worth a sentence. */
const longWaitMs = 10
/** Nor where it made up less than this of an operation's time. */
const waitShare = 0.1
const mostFindings = 5

/** Operations that waited for a connection, those that waited most in all first. */
export const findPoolWait = (operations: readonly Operation[]): Finding[] => {
  const waits = operations.map(({ counted, facts }) => ({
    counted,
    facts,
    wait: counted.kind === 'query' ? facts.poolWaitMs : facts.beginMs,
  }))
  const long = waits.filter(
    ({ facts, wait }) => wait.most >= longWaitMs && wait.total / facts.durationMs.total >= waitShare,
  )
  return byGreatest(long, ({ wait }) => wait.total)
    .slice(0, mostFindings)
    .map(({ counted, facts, wait }) => {
      const all = `${formatDuration(wait.total)} in all (${formatShare(wait.total / facts.durationMs.total)} of its time), ${formatDuration(wait.most)} at worst`
      return {
        operation: counted.operation,
        sentence:
          counted.kind === 'query'
            ? `${formatCalls(facts.waitedCalls, counted.calls)} waited a millisecond or more for a connection: ${all}.`
            : `Took ${all}, until it had a connection and had begun.`,
      }
    })
}
