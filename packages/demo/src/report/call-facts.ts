import type { OperationSnapshot } from '@pgtally/core'

/** What a snapshot keeps apart. */
export type SeriesName = Pick<OperationSnapshot, 'kind' | 'operation' | 'table' | 'service'>

export const isSameSeries = (one: SeriesName, other: SeriesName): boolean =>
  one.kind === other.kind &&
  one.operation === other.operation &&
  one.table === other.table &&
  one.service === other.service

/** A number that several calls reported. Calls that could not know it are not among `calls`. */
export interface Amount {
  readonly calls: number
  readonly total: number
  readonly least: number
  readonly most: number
}

export interface FailureFacts {
  readonly kind: string
  readonly calls: number
  /** Of them, those that `expectedErrors` named. */
  readonly expected: number
  /** The same work, run again from its start, may succeed. */
  readonly retryable: boolean
}

/** What events told about one operation, beyond what a snapshot counts. */
export interface CallFacts {
  readonly series: SeriesName
  readonly slowThresholdMs: number
  readonly durationMs: Amount
  readonly statements: Amount
  /** Of queries: time spent waiting for connections. */
  readonly poolWaitMs: Amount
  /** Of queries: calls that waited for a connection for a millisecond or more. */
  readonly waitedCalls: number
  /** Of transactions: until their work started, the wait for a connection included. */
  readonly beginMs: Amount
  /** Of transactions: open while no statement ran. */
  readonly idleMs: Amount
  readonly longestIdleMs: number
  /** Operation that ended before the longest idle time; absent where none did. */
  readonly longestIdleAfter: string | undefined
  /** The same amounts, of the slow calls alone. */
  readonly whenSlow: {
    readonly durationMs: Amount
    readonly poolWaitMs: Amount
    readonly beginMs: Amount
    readonly idleMs: Amount
  }
  readonly failures: readonly FailureFacts[]
}

export const noAmount: Amount = { calls: 0, total: 0, least: 0, most: 0 }

export const addTo = (amount: Amount, value: number | undefined): Amount =>
  value === undefined
    ? amount
    : {
        calls: amount.calls + 1,
        total: amount.total + value,
        least: amount.calls === 0 ? value : Math.min(amount.least, value),
        most: Math.max(amount.most, value),
      }

/** 0 where no call knew it. */
export const meanOf = ({ calls, total }: Amount): number => (calls === 0 ? 0 : total / calls)
