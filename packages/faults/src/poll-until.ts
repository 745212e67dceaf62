import { setTimeout as delay } from 'node:timers/promises'

/** Asks every few milliseconds until the answer is not undefined; throws after `limitMs`, naming what did not come about. */
export async function pollUntil<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  limitMs = 10_000,
): Promise<Answer> {
  const startedAt = performance.now()
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() - startedAt > limitMs) throw new Error(`did not come about in ${limitMs} ms: ${what}`)
    await delay(2)
  }
}
