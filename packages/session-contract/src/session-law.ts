import type { BenchOptions, LawBench } from './law-bench.ts'

export type LawNumber =
  | 'L1'
  | 'L2'
  | 'L3'
  | 'L4'
  | 'L5'
  | 'L6'
  | 'L7'
  | 'L8'
  | 'L9'
  | 'L10'
  | 'L11'
  | 'L12'
  | 'L13'
  | 'L14'
  | 'L15'
  | 'L16'
  | 'L17'
  | 'L18'

/** One thing that every Session does. */
export interface SessionLaw extends BenchOptions {
  readonly number: LawNumber
  /** What can be relied on, in plain words; unique. */
  readonly title: string
  /** Throws where the session breaks the law. */
  readonly check: (bench: LawBench) => Promise<void>
}
