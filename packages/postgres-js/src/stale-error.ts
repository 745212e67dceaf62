/** With these the server ends a session that was open. */
const endOfSession: ReadonlySet<unknown> = new Set(['57P01', '57P02', '57P04', '57P05', '25P03', '25P04'])

/**
 * postgres.js keeps what the server said last before a connection was lost, and rejects the first statement of the next connection in
 * its place with it. Whether an error that came before the statement was sent is such a one: what a server says against a new
 * connection is FATAL too, but not that it ends a session.
 */
export const isStaleError = (error: unknown): boolean => isStaleEnd(error) || severityOf(error) === 'ERROR'

/** The same for BEGIN, which can have been refused itself by anything but the end of the session. */
export const isStaleEnd = (error: unknown): boolean =>
  severityOf(error) === 'FATAL' && endOfSession.has((error as { readonly code?: unknown }).code)

export const severityOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null ? (error as { readonly severity?: unknown }).severity : undefined
