import { createMarkedErrors } from './marked-errors.ts'

const reasons = createMarkedErrors('pgtally.abort-reasons.1')

/**
 * Remembers a signal's reason, so that it is classified as `aborted` when it comes back as a rejection, whatever error the
 * caller chose for it.
 */
export const markAborted = (reason: unknown): void => reasons.mark(reason)

/** Whether a statement was rejected with this reason because its signal was aborted. */
export const isAbortReason = (error: object): boolean => reasons.has(error)
