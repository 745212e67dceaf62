import type { OperationSnapshot } from '@pgtally/core'
import type { CallFacts } from './call-facts.ts'

/** All that is known about one operation: what was counted, and what its events told. */
export interface Operation {
  readonly counted: OperationSnapshot
  readonly facts: CallFacts
}

/** One thing worth saying about one operation. */
export interface Finding {
  readonly operation: string
  readonly sentence: string
}

export const sumOf = <Item>(items: readonly Item[], amount: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + amount(item), 0)

/** Greatest first. */
export const byGreatest = <Item>(items: readonly Item[], amount: (item: Item) => number): Item[] =>
  [...items].sort((left, right) => amount(right) - amount(left))
