import { classifyError, type ErrorClassification } from '../errors/classify-error.ts'
import type { ExpectedError, TrackedFunction } from './tracked-function.ts'

/** Whether the function or its tracker named an error as no failure. */
export const isExpected = ({ tracker, expectedErrors }: TrackedFunction, kind: string, error: unknown): boolean => {
  const matches = (expected: ExpectedError): boolean => {
    if (typeof expected === 'string') return expected === kind
    try {
      return expected(error) === true
    } catch (failure) {
      tracker.monitor.report(failure, 'observer')
      return false
    }
  }
  return (expectedErrors?.some(matches) ?? false) || tracker.expectedErrors.some(matches)
}

export const judgeError = (
  of: TrackedFunction,
  error: unknown,
): ErrorClassification & { readonly expected: boolean } => {
  const classification = classifyError(error)
  return { ...classification, expected: isExpected(of, classification.kind, error) }
}
