import { describe, expect, it } from 'vitest'
import { buildReport } from './build-report.ts'
import { noAmount } from './call-facts.ts'
import { findChatty } from './find-chatty.ts'
import { findFailing } from './find-failing.ts'
import { findIdle } from './find-idle.ts'
import { findPoolWait } from './find-pool-wait.ts'
import { findSlow } from './find-slow.ts'
import { amountFixture, operationFixture } from './operation.fixture.ts'

const slowQuery = (poolWaitMs: number, statements = amountFixture(100, 100, 1)) =>
  operationFixture(
    { operation: 'find_parcel', slow: 60, totalMs: 3000, p50Ms: 40, p95Ms: 90 },
    {
      slowThresholdMs: 25,
      statements,
      whenSlow: {
        durationMs: amountFixture(60, 2000, 90),
        poolWaitMs: amountFixture(60, poolWaitMs, 80),
        beginMs: noAmount,
        idleMs: noAmount,
      },
    },
  )

const slowTransaction = (beginMs: number, idleMs: number) =>
  operationFixture(
    { operation: 'ship', kind: 'transaction', slow: 3 },
    {
      whenSlow: {
        durationMs: amountFixture(3, 2000, 900),
        poolWaitMs: noAmount,
        beginMs: amountFixture(3, beginMs, 80),
        idleMs: amountFixture(3, idleMs, 80),
      },
    },
  )

const onlySentence = (findings: readonly { readonly sentence: string }[]) => {
  expect(findings).toHaveLength(1)
  return findings[0]?.sentence
}

describe('findSlow', () => {
  it('says nothing where no call reached its threshold', () => {
    expect(findSlow([operationFixture({ operation: 'find_parcel' })])).toEqual([])
  })

  it('blames the statement where the pool had little to do with it', () => {
    const sentence = onlySentence(findSlow([slowQuery(100)]))
    expect(sentence).toBe(
      'Slow as a rule: 60 of 100 calls took 25 ms or longer (p50 40 ms, p95 90 ms; 100 % of the time in all tracked calls). ' +
        'The slow calls spent 5 % of their time waiting for a connection: look at the plan of the statement.',
    )
  })

  it('blames the pool where the slow calls waited for it', () => {
    expect(onlySentence(findSlow([slowQuery(1500)]))).toContain(
      '75 % of their time waiting for a connection: look at the pool',
    )
  })

  it('blames the number of statements where there are many', () => {
    expect(onlySentence(findSlow([slowQuery(100, amountFixture(100, 4000, 60))]))).toContain('the number of statements')
  })

  it('claims no cause where none was measured', () => {
    const operation = slowQuery(0)
    const unseen = {
      ...operation.facts,
      statements: noAmount,
      whenSlow: { ...operation.facts.whenSlow, poolWaitMs: noAmount },
    }
    expect(onlySentence(findSlow([{ ...operation, facts: unseen }]))).toContain('is not known')
  })

  it('does not tell waiting from running where the database does not', () => {
    const operation = slowQuery(0)
    const unseen = { ...operation.facts, whenSlow: { ...operation.facts.whenSlow, poolWaitMs: noAmount } }
    expect(onlySentence(findSlow([{ ...operation, facts: unseen }]))).toContain('does not tell waiting from running')
    const chatty = { ...unseen, statements: amountFixture(100, 4000, 60) }
    expect(onlySentence(findSlow([{ ...operation, facts: chatty }]))).toContain('number of statements')
  })

  it('tells transactions that could not begin, that sat idle, and whose statements took long', () => {
    expect(onlySentence(findSlow([slowTransaction(1200, 0)]))).toContain(
      '60 % of their time before their work could begin',
    )
    expect(onlySentence(findSlow([slowTransaction(0, 1800)]))).toContain('no statement ran for 90 % of the time')
    expect(onlySentence(findSlow([slowTransaction(20, 40)]))).toContain('look at their statements')
  })
})

describe('findFailing', () => {
  const failing = operationFixture(
    { operation: 'ship', kind: 'transaction', calls: 50 },
    {
      failures: [
        { kind: 'check_violation', calls: 5, expected: 5, retryable: false },
        { kind: 'deadlock', calls: 2, expected: 0, retryable: true },
      ],
    },
  )

  it('puts what nobody expected first, with its share and what to do', () => {
    const [first, second, ...rest] = findFailing([failing])
    expect(first?.sentence).toMatch(
      /^2 of 50 calls \(4 %\) were rolled back by deadlock\. .*same order everywhere\. .* again/,
    )
    expect(second?.sentence).toMatch(/^5 of 50 calls ended in check_violation, as expectedErrors foresees/)
    expect(rest).toEqual([])
  })

  it('promises no second attempt for what is not retryable', () => {
    const broken = operationFixture(
      { operation: 'find_parcel' },
      { failures: [{ kind: 'undefined_table', calls: 1, expected: 0, retryable: false }] },
    )
    const sentence = onlySentence(findFailing([broken]))
    expect(sentence).toContain('1 of 100 calls (1 %) failed with undefined_table.')
    expect(sentence).not.toContain('again')
  })
})

describe('findIdle', () => {
  const idle = (totalMs: number, longestIdleMs: number, longestIdleAfter?: string) =>
    operationFixture(
      { operation: 'ship', kind: 'transaction', totalMs: 2000 },
      { idleMs: amountFixture(100, totalMs, longestIdleMs), longestIdleMs, longestIdleAfter },
    )

  it('names the longest stretch and the operation before it', () => {
    const sentence = onlySentence(findIdle([idle(1500, 320, 'weigh')]))
    expect(sentence).toContain('75 % of its time, 1.5 s in all; the longest stretch was 320 ms, after weigh.')
  })

  it('names no operation where none ran before', () => {
    expect(onlySentence(findIdle([idle(1500, 320)]))).toContain('the longest stretch was 320 ms. ')
  })

  it('lets short gaps between statements pass', () => {
    expect(findIdle([idle(100, 320), idle(1500, 4)])).toEqual([])
  })
})

describe('findChatty', () => {
  it('tells a fixed number of statements from one that varies', () => {
    const chatty = (least: number) =>
      operationFixture({ operation: 'list_parcels' }, { statements: { calls: 100, total: 2100, least, most: 21 } })
    expect(onlySentence(findChatty([chatty(21)]))).toMatch(/^21 statements in every call\./)
    expect(onlySentence(findChatty([chatty(1)]))).toMatch(/^21 statements per call on average, between 1 and 21\./)
  })

  it('lets a few statements pass', () => {
    expect(findChatty([operationFixture({ operation: 'x' }, { statements: amountFixture(100, 500, 9) })])).toEqual([])
  })
})

describe('findPoolWait', () => {
  it('says who waited, how often and for how long', () => {
    const waiting = operationFixture(
      { operation: 'find_parcel', totalMs: 1000 },
      { poolWaitMs: amountFixture(100, 800, 120), waitedCalls: 70 },
    )
    expect(onlySentence(findPoolWait([waiting]))).toBe(
      '70 of 100 calls waited a millisecond or more for a connection: 800 ms in all (80 % of its time), 120 ms at worst.',
    )
  })

  it('says of a transaction only how long it took to begin', () => {
    const waiting = operationFixture(
      { operation: 'ship', kind: 'transaction' },
      { beginMs: amountFixture(100, 800, 120) },
    )
    expect(onlySentence(findPoolWait([waiting]))).toContain('until it had a connection and had begun')
  })
})

describe('buildReport', () => {
  const remarks = (report: ReturnType<typeof buildReport>) => report.map(({ remark }) => remark)

  it('says so where there is nothing', () => {
    expect(remarks(buildReport([]))).toEqual(['No tracked call ended.'])
  })

  it('has a quiet word for every quiet section, and claims nothing that was not measured', () => {
    const quiet = operationFixture({ operation: 'find_parcel' }, { statements: noAmount })
    expect(remarks(buildReport([quiet]))).toEqual([
      'No call reached its threshold.',
      'No call failed.',
      'No transaction was tracked.',
      'Not known: no Session was handed over.',
      'Not known.',
    ])
  })
})
