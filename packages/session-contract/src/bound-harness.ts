import { createTracker, type Session } from '@pgtally/core'
import type { OpenHarness } from './session-harness.ts'

/** The same harness, its session the one that a tracked function received: the call lasts until the harness is closed. */
export function boundHarness(openHarness: OpenHarness): OpenHarness {
  return async (options) => {
    const harness = await openHarness(options)
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    let call: Promise<void> | undefined
    const session = await new Promise<Session>((resolve, reject) => {
      const hold = createTracker().withQueryTracking(
        async (bound: Session) => {
          resolve(bound)
          await ended
        },
        { operation: 'session_contract' },
      )
      call = hold(harness.session)
      call.catch(reject)
    })
    return {
      ...harness,
      session,
      leaks: () => harness.leaks(),
      async close() {
        end()
        await call
        await harness.close()
      },
    }
  }
}
