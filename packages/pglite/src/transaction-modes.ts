import type { TransactionOptions } from '@pgtally/core/adapter'

/** What was asked for and nothing else, as SET TRANSACTION takes it; empty where nothing was. The values are checked already. */
export const transactionModes = ({ isolationLevel, readOnly, deferrable }: TransactionOptions): string => {
  const modes: string[] = []
  if (isolationLevel !== undefined) modes.push(`ISOLATION LEVEL ${isolationLevel}`)
  if (readOnly !== undefined) modes.push(readOnly ? 'READ ONLY' : 'READ WRITE')
  if (deferrable !== undefined) modes.push(deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE')
  return modes.join(', ')
}
