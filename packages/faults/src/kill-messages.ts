import type { FaultDriver } from './drivers/fault-driver.ts'
import type { Kill } from './fault-server.ts'
import type { KillPoint } from './kill-points.ts'

/** What a child process is to do. */
export interface KillTask {
  readonly driver: FaultDriver['name']
  readonly connectionString: string
  readonly seed: number
  /** Uses the driver without pgtally, once for each batch [false]. */
  readonly bare?: boolean
  readonly batches: readonly KillBatch[]
}

export interface KillBatch {
  readonly point: KillPoint
  readonly how: Kill
  /** Numbers of the rows that its transactions write. */
  readonly rounds: readonly number[]
}

export interface KillRound {
  readonly round: number
  readonly point: KillPoint
  readonly how: Kill
  readonly settled: 'fulfilled' | 'rejected' | 'hanging'
  /** From the kill until the transaction settled. */
  readonly settleMs: number
  /** From then until the pool answered again. */
  readonly recoverMs: number
  /** Outcome of each event that was reported. */
  readonly outcomes: readonly string[]
  readonly late: { readonly fulfilled: number; readonly rejected: number; readonly hanging: number }
  readonly leaks: readonly string[]
}

/** From the child. Each `kill` is answered by a message when the backends are gone. */
export type ChildMessage =
  | { readonly kind: 'kill'; readonly point: KillPoint; readonly how: Kill }
  | { readonly kind: 'round'; readonly round: KillRound }
  | { readonly kind: 'done' }

export const settleWithinMs = 5000
