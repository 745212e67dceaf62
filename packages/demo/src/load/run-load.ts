import { setTimeout as delay } from 'node:timers/promises'
import { classifyError, type Session } from '@pgtally/core'
import type { Step } from './scenarios.ts'

export interface LoadOptions {
  /** Steps under way at the same time. */
  readonly concurrency: number
  /** No step is begun after this; those under way are waited for. */
  readonly durationMs: number
  /** Ends it earlier. */
  readonly signal: AbortSignal
}

/** What the shop's own rules make of a step: the next one can follow at once. */
const ordinary: ReadonlySet<string> = new Set(['application', 'unique_violation', 'deadlock', 'serialization_failure'])
const pauseAfterFailureMs = 200

/** Runs the steps in their order, several at a time. A step that fails was counted by pgtally: it is not the load's business. */
export const runLoad = async (
  session: Session,
  steps: Iterator<Step, never>,
  { concurrency, durationMs, signal }: LoadOptions,
): Promise<void> => {
  const end = performance.now() + durationMs
  const work = async () => {
    while (performance.now() < end && !signal.aborted) {
      try {
        await steps.next().value(session)
      } catch (error) {
        // A database that is gone refuses at once; without a pause the load would do nothing but ask it again.
        if (!ordinary.has(classifyError(error).kind)) await delay(pauseAfterFailureMs)
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}
