import { withinDeadline } from './within-deadline.ts'

const deadlineMs = 10_000

/** What a promise rejected with, boxed; a sentence about it where it did not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<{ readonly error: unknown } | string> {
  const settled = await withinDeadline(promise, deadlineMs)
  if (settled.status === 'rejected') return { error: settled.reason }
  return settled.status === 'hanging' ? 'hangs' : 'resolved'
}

export const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | undefined)?.code
