import { describe, it } from 'vitest'
import { checkLaw } from './check-law.ts'
import type { HarnessDatabase, OpenHarness } from './session-harness.ts'
import type { SessionLaw } from './session-law.ts'
import { sessionLaws } from './session-laws.ts'

export interface ContractOptions {
  /** What is behind the session [server]. Laws that it can't show are not registered; the README has the list. */
  readonly database?: HarnessDatabase
}

const testTimeoutMs = 30_000

/**
 * Registers the laws of a Session as tests, in a `describe` of this name. Each one opens a harness of its own, has a deadline of
 * ten seconds, and reads what happened through a connection that the session knows nothing of.
 *
 * Not for `describe.concurrent`.
 */
export function describeSessionContract(
  name: string,
  openHarness: OpenHarness,
  { database = 'server' }: ContractOptions = {},
): void {
  describe(`${name}: session contract`, () => {
    for (const law of lawsFor(database)) {
      it(`${law.number}: ${law.title}`, () => checkLaw(law, openHarness), testTimeoutMs)
    }
  })
}

export function lawsFor(database: HarnessDatabase): readonly SessionLaw[] {
  return sessionLaws.filter(({ needs }) => {
    return needs === 'nothing' || database === 'server' || (needs === 'database' && database === 'embedded')
  })
}
