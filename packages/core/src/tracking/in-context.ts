import { BoundSession } from '../session/bound-session.ts'
import type { TrackedFunction } from './tracked-function.ts'
import type { TrackerState } from './tracker-state.ts'

/** The record of a call that was given no Session: needed only where `asyncContext` can fill it. */
export const recordInContext = (of: TrackedFunction): BoundSession | undefined =>
  of.tracker.ambient === undefined ? undefined : BoundSession.bindAmbient(of)

/** Runs something so that statements in its async context, on whatever Session, count for the call. */
export const inContext = <Result>(
  { ambient }: TrackerState,
  record: BoundSession | undefined,
  run: () => Result,
): Result => (ambient === undefined || record === undefined ? run() : ambient.run(record, run))
