import { sanitizeSql } from '@pgtally/core'

const query = /^[\s(]*(select|values|table|with)\b/i
const otherThanReading = /\b(insert|update|delete|merge|into|(for|key) share)\b/i

/**
 * Whether DECLARE takes the text: a query that writes and locks nothing. A word that only looks like writing costs no more than the
 * batches.
 */
export const readsByCursor = (text: string): boolean => {
  const words = sanitizeSql(text)
  return query.test(words) && !otherThanReading.test(words)
}
