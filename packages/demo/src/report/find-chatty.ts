import { formatCount } from '../format/format-count.ts'
import { meanOf } from './call-facts.ts'
import { byGreatest, type Finding, type Operation } from './finding.ts'

/** Statements per call, on average, from which on they are too many. */
export const manyStatements = 10

/** Operations that send many statements in one call, most first. */
export const findChatty = (operations: readonly Operation[]): Finding[] =>
  byGreatest(
    operations.filter(({ facts }) => meanOf(facts.statements) >= manyStatements),
    ({ facts }) => meanOf(facts.statements),
  ).map(({ counted, facts: { statements } }) => {
    const each =
      statements.least === statements.most
        ? `${formatCount(statements.most)} statements in every call.`
        : `${formatCount(Math.round(meanOf(statements)))} statements per call on average, between ${formatCount(statements.least)} and ${formatCount(statements.most)}.`
    return {
      operation: counted.operation,
      sentence: `${each} If that is one per row, one statement can ask for all rows at once: a join, or "where id = any($1)".`,
    }
  })
