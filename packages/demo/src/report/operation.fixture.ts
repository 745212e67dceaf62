import type { OperationSnapshot } from '@pgtally/core'
import { type CallFacts, noAmount } from './call-facts.ts'
import type { Operation } from './finding.ts'

type CountedFixture = Partial<OperationSnapshot> & Pick<OperationSnapshot, 'operation'>

export const countedFixture = (given: CountedFixture): OperationSnapshot => ({
  kind: 'query',
  calls: 100,
  errors: {},
  expectedErrors: 0,
  slow: 0,
  active: 0,
  totalMs: 1000,
  p50Ms: 10,
  p95Ms: 20,
  p99Ms: 30,
  maxMs: 40,
  ...given,
})

/** An operation about which nothing is worth saying, but for what is given. */
export const operationFixture = (counted: CountedFixture, facts: Partial<CallFacts> = {}): Operation => {
  const all = countedFixture(counted)
  return {
    counted: all,
    facts: {
      series: all,
      slowThresholdMs: 500,
      durationMs: amountFixture(all.calls, all.totalMs, all.maxMs),
      statements: amountFixture(all.calls, all.calls, 1),
      poolWaitMs: noAmount,
      waitedCalls: 0,
      beginMs: noAmount,
      idleMs: noAmount,
      longestIdleMs: 0,
      longestIdleAfter: undefined,
      whenSlow: { durationMs: noAmount, poolWaitMs: noAmount, beginMs: noAmount, idleMs: noAmount },
      failures: [],
      ...facts,
    },
  }
}

export const amountFixture = (calls: number, total: number, most: number, least = total / calls) => ({
  calls,
  total,
  least,
  most,
})
