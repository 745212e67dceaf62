import { collectUncaught } from './collect-uncaught.ts'
import { openBench } from './law-bench.ts'
import type { OpenHarness } from './session-harness.ts'
import type { SessionLaw } from './session-law.ts'
import { withinDeadline } from './within-deadline.ts'

const deadlineMs = 10_000

/**
 * Checks one law on a session of its own, within ten seconds, and closes that session. Rejects where the law is broken, where an
 * error was raised that nobody could catch, and where the session can't be closed.
 *
 * One check at a time: uncaught errors can't be told apart.
 */
export async function checkLaw(law: SessionLaw, openHarness: OpenHarness): Promise<void> {
  const uncaught = await collectUncaught(async () => {
    const bench = await openBench(law, openHarness)
    try {
      await withinDeadline(law.check(bench), deadlineMs, law.title)
    } finally {
      await bench.close()
    }
  })
  if (uncaught.length > 0) throw new AggregateError(uncaught, `${law.number}: errors that would have ended the process`)
}
