import { formatDuration } from '../format/format-duration.ts'
import { formatShare } from '../format/format-share.ts'
import { byGreatest, type Finding, type Operation } from './finding.ts'

/** A transaction sat idle if it did so for this long in one go, … */
const longIdleMs = 50
/** … and for this share of the operation's whole time. */
const idleShare = 0.25

/** Transactions that were held open while nothing ran in them, those idle longest in all first. */
export const findIdle = (operations: readonly Operation[]): Finding[] =>
  byGreatest(
    operations.filter(
      ({ facts }) => facts.longestIdleMs >= longIdleMs && facts.idleMs.total / facts.durationMs.total >= idleShare,
    ),
    ({ facts }) => facts.idleMs.total,
  ).map(({ counted, facts }) => {
    const share = formatShare(facts.idleMs.total / facts.durationMs.total)
    const after = facts.longestIdleAfter === undefined ? '' : `, after ${facts.longestIdleAfter}`
    return {
      operation: counted.operation,
      sentence:
        `Open with no statement running for ${share} of its time, ${formatDuration(facts.idleMs.total)} in all; ` +
        `the longest stretch was ${formatDuration(facts.longestIdleMs)}${after}. ` +
        'Each one keeps its connection and its locks meanwhile: do what it waits for before or after the transaction.',
    }
  })
