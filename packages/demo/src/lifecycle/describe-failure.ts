import { classifyError } from '@pgtally/core'

/**
 * A database's error by its kind alone, since its own text may hold values. Errors of pgtally's say what to do and are
 * printed whole; a mistake in the demo's own code comes with its stack.
 */
export const describeFailure = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string' && code.startsWith('PGTALLY_')) return (error as Error).message
  const { kind, sqlState } = classifyError(error)
  if (kind === 'application' && error instanceof Error) return error.stack ?? error.message
  return sqlState === undefined ? kind : `${kind} (SQLSTATE ${sqlState})`
}
