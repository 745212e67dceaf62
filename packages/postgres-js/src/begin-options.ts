import type { TransactionOptions } from '@pgtally/core/adapter'

/** What is written behind BEGIN: what was asked for and nothing else, so that the server's defaults stay. Checked by core. */
export const beginOptions = ({ isolationLevel, readOnly, deferrable }: TransactionOptions): string => {
  const words: string[] = []
  if (isolationLevel !== undefined) words.push(`isolation level ${isolationLevel}`)
  if (readOnly !== undefined) words.push(readOnly ? 'read only' : 'read write')
  if (deferrable !== undefined) words.push(deferrable ? 'deferrable' : 'not deferrable')
  return words.join(' ')
}
