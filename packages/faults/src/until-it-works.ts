import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from '@pgtally/core'
import { withinDeadline } from './within-deadline.ts'

const limitMs = 30_000

/** A user's own trying again: a server that crashed refuses connections for a while. Throws after half a minute. */
export async function untilItWorks(session: Session): Promise<void> {
  const startedAt = performance.now()
  for (;;) {
    const { status } = await withinDeadline(session.query('select 1'), limitMs)
    if (status === 'fulfilled') return
    if (performance.now() - startedAt > limitMs) throw new Error('The pool does not work any more.')
    await delay(5)
  }
}
