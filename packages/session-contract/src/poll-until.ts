import { setImmediate as turn } from 'node:timers/promises'

const limitMs = 2000

/** Asks again and again, without waiting between; throws after two seconds, naming what did not come about. */
export async function pollUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now()
  while (!(await isSo())) {
    if (performance.now() - startedAt > limitMs) throw new Error(`did not come about in ${limitMs} ms: ${what}`)
    await turn()
  }
}
