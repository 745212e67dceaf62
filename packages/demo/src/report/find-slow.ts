import { formatCalls } from '../format/format-count.ts'
import { formatDuration } from '../format/format-duration.ts'
import { formatShare } from '../format/format-share.ts'
import { type Amount, meanOf } from './call-facts.ts'
import { manyStatements } from './find-chatty.ts'
import { byGreatest, type Finding, type Operation, sumOf } from './finding.ts'

/** From this share of the slow calls' time on, something is named as what made them slow. */
const mainShare = 0.5
/** From this share of the calls on, an operation is slow as a rule. */
const ruleShare = 0.5

/** Operations with calls at or past their threshold, those with most time first. */
export const findSlow = (operations: readonly Operation[]): Finding[] => {
  const allMs = sumOf(operations, ({ counted }) => counted.totalMs)
  return byGreatest(
    operations.filter(({ counted }) => counted.slow > 0),
    ({ counted }) => counted.totalMs,
  ).map((operation) => ({
    operation: operation.counted.operation,
    sentence: `${describeSlowness(operation, allMs)} ${describeCause(operation)}`,
  }))
}

const describeSlowness = ({ counted, facts }: Operation, allMs: number): string => {
  const { slow, calls, p50Ms, p95Ms, totalMs } = counted
  const often = slow / calls >= ruleShare ? 'Slow as a rule' : 'Slow at times'
  const threshold = formatDuration(facts.slowThresholdMs)
  const percentiles = `p50 ${formatDuration(p50Ms)}, p95 ${formatDuration(p95Ms)}`
  const share = `${formatShare(totalMs / allMs)} of the time in all tracked calls`
  return `${often}: ${formatCalls(slow, calls)} took ${threshold} or longer (${percentiles}; ${share}).`
}

const describeUnseenWait = (statements: Amount): string => {
  if (statements.calls === 0) return 'No Session was handed over, so where that time went is not known.'
  const perCall = meanOf(statements)
  return perCall >= manyStatements
    ? 'The number of statements is the first thing to change.'
    : 'This database does not tell waiting from running: look at the plan of the statement, and at what runs before it.'
}

/** Where the time of the slow calls went, as far as it was measured. */
const describeCause = ({ counted, facts }: Operation): string => {
  const { durationMs, poolWaitMs, beginMs, idleMs } = facts.whenSlow
  const shareOf = (ms: number) => ms / durationMs.total
  if (counted.kind === 'query') {
    if (poolWaitMs.calls === 0) return describeUnseenWait(facts.statements)
    const waited = shareOf(poolWaitMs.total)
    if (waited >= mainShare) {
      return `The slow calls spent ${formatShare(waited)} of their time waiting for a connection: look at the pool, not at the statement.`
    }
    if (meanOf(facts.statements) >= manyStatements) {
      return `The slow calls spent ${formatShare(waited)} of their time waiting for a connection; the number of statements is the first thing to change.`
    }
    return `The slow calls spent ${formatShare(waited)} of their time waiting for a connection: look at the plan of the statement.`
  }
  const began = shareOf(beginMs.total)
  if (began >= mainShare) {
    return `The slow ones spent ${formatShare(began)} of their time before their work could begin, waiting for a connection included: look at the pool.`
  }
  if (idleMs.calls === 0) return 'What ran in it was not seen, so where that time went is not known.'
  const idle = shareOf(idleMs.total)
  if (idle >= mainShare) {
    return `In the slow ones no statement ran for ${formatShare(idle)} of the time: look at what the code does in between.`
  }
  return `The slow ones waited ${formatShare(began)} of their time to begin and sat idle for ${formatShare(idle)}: look at their statements, and at the locks these wait for.`
}
