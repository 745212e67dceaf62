import { createMarkedErrors } from './marked-errors.ts'

const outcomes = createMarkedErrors('pgtally.unknown-outcomes.1')

/**
 * Remembers the error by which the connection was lost during COMMIT: by itself it may be one after which a transaction can be run
 * again, such as 57P01, and this one must not be.
 */
export const markOutcomeUnknown = (error: unknown): void => outcomes.mark(error)

export const isOutcomeUnknown = (error: object): boolean => outcomes.has(error)
