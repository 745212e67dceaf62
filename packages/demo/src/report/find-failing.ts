import { formatCalls, formatCount } from '../format/format-count.ts'
import { formatShare } from '../format/format-share.ts'
import type { FailureFacts } from './call-facts.ts'
import { adviceOn } from './failure-advice.ts'
import { byGreatest, type Finding, type Operation } from './finding.ts'

/** One finding per operation and error kind, unexpected ones first, most frequent first. */
export const findFailing = (operations: readonly Operation[]): Finding[] => {
  const failures = operations.flatMap(({ counted, facts }) => facts.failures.map((failure) => ({ counted, failure })))
  const unexpected = failures.filter(({ failure }) => failure.calls > failure.expected)
  const expected = failures.filter(({ failure }) => failure.expected > 0)
  return [
    ...byGreatest(unexpected, ({ failure }) => failure.calls - failure.expected).map(({ counted, failure }) => ({
      operation: counted.operation,
      sentence: describeUnexpected(failure, counted),
    })),
    ...byGreatest(expected, ({ failure }) => failure.expected).map(({ counted, failure }) => ({
      operation: counted.operation,
      sentence: `${formatCalls(failure.expected, counted.calls)} ended in ${nameOf(failure.kind)}, as expectedErrors foresees: counted, but no reason for an alarm.`,
    })),
  ]
}

const nameOf = (kind: string) => (kind === 'application' ? 'an error of its own code (application)' : kind)

const describeUnexpected = ({ kind, calls, expected, retryable }: FailureFacts, counted: Operation['counted']) => {
  const failed = calls - expected
  const unknown = kind === 'outcome_unknown'
  const what = counted.kind === 'query' || unknown ? 'failed with' : 'were rolled back by'
  const share = `${formatCalls(failed, counted.calls)} (${formatShare(failed / counted.calls)}) ${what} ${nameOf(kind)}.`
  const again = retryable
    ? ` Running ${failed === 1 ? 'it' : `any of these ${formatCount(failed)}`} again from the start may succeed.`
    : ''
  return `${share}${adviceOn(kind)}${again}`
}
