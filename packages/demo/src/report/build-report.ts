import type { OperationSnapshot } from '@pgtally/core'
import { formatDuration } from '../format/format-duration.ts'
import { type CallFacts, isSameSeries } from './call-facts.ts'
import { findChatty } from './find-chatty.ts'
import { findFailing } from './find-failing.ts'
import { findIdle } from './find-idle.ts'
import { findPoolWait } from './find-pool-wait.ts'
import { findSlow } from './find-slow.ts'
import { type Finding, type Operation, sumOf } from './finding.ts'

export interface ReportSection {
  readonly title: string
  readonly findings: readonly Finding[]
  /** What follows from the findings together, or that there are none. */
  readonly remark?: string
}

/** Joins what was counted with what the events told. An operation without an ended call has nothing to report. */
export const joinOperations = (
  snapshot: readonly OperationSnapshot[],
  facts: readonly CallFacts[],
): readonly Operation[] =>
  snapshot.flatMap((counted) => {
    const own = facts.find(({ series }) => isSameSeries(series, counted))
    return own === undefined || counted.calls === 0 ? [] : [{ counted, facts: own }]
  })

export const buildReport = (operations: readonly Operation[]): readonly ReportSection[] => {
  if (operations.length === 0) return [{ title: 'Nothing to report', findings: [], remark: 'No tracked call ended.' }]
  return [
    section('What is slow', findSlow(operations), 'No call reached its threshold.'),
    section('What fails, and why', findFailing(operations), 'No call failed.'),
    section('Transactions that sat idle', findIdle(operations), noneIdle(operations)),
    section('Too many statements', findChatty(operations), noneChatty(operations)),
    poolSection(operations),
  ]
}

const section = (title: string, findings: readonly Finding[], none: string): ReportSection =>
  findings.length === 0 ? { title, findings, remark: none } : { title, findings }

const noneIdle = (operations: readonly Operation[]): string => {
  const transactions = operations.filter(({ counted }) => counted.kind === 'transaction')
  if (transactions.length === 0) return 'No transaction was tracked.'
  return transactions.some(({ facts }) => facts.idleMs.calls > 0)
    ? 'None that was watched sat idle for long.'
    : 'Not known: no Session was handed over.'
}

const noneChatty = (operations: readonly Operation[]): string =>
  operations.some(({ facts }) => facts.statements.calls > 0)
    ? 'No operation sends many statements per call.'
    : 'Not known: no Session was handed over.'

const poolSection = (operations: readonly Operation[]): ReportSection => {
  const title = 'Who waited for a connection'
  const findings = findPoolWait(operations)
  if (findings.length === 0) {
    const known = operations.some(({ facts }) => facts.poolWaitMs.calls + facts.beginMs.calls > 0)
    return { title, findings, remark: known ? 'No operation that was watched waited for long.' : 'Not known.' }
  }
  const idleMs = sumOf(operations, ({ facts }) => facts.idleMs.total)
  const remark =
    findIdle(operations).length === 0
      ? 'No transaction was seen idle for long: make what is slow faster, or allow more connections.'
      : `In the same run transactions held connections for ${formatDuration(idleMs)} in which no statement ran: shorten those before you allow more connections.`
  return { title, findings, remark }
}
