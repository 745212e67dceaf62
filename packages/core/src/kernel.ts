import { createBaseScope } from './session/base-scope.ts'
import { BoundSession } from './session/bound-session.ts'
import { createPools, type Pools } from './session/pools.ts'
import type { Session } from './session/session.ts'
import type { SessionDriver } from './session/session-driver.ts'
import { createResettableTracker, type ResettableTracker } from './tracking/create-tracker.ts'
import type { TrackerOptions } from './tracking/tracker.ts'

/** All of core that has state: one per process, whatever number of copies of core is loaded. */
export interface Kernel {
  readonly protocol: 1
  readonly tracker: ResettableTracker
  readonly pools: Pools
  createTracker(options?: TrackerOptions): ResettableTracker
  createSession(driver: SessionDriver): Session
  sessionIdentity(session: Session): object
  discardConnection(session: Session): void
}

const createKernel = (): Kernel => {
  const pools = createPools()
  return {
    protocol: 1,
    tracker: createResettableTracker(),
    pools,
    createTracker: createResettableTracker,
    createSession: (driver) => createBaseScope(driver, pools).session,
    sessionIdentity(session) {
      const known = BoundSession.from(session)
      return known === undefined ? session : BoundSession.scopeOf(known).session
    },
    discardConnection(session) {
      const known = BoundSession.from(session)
      if (known !== undefined) BoundSession.scopeOf(known).connection?.discard()
    },
  }
}

const key = Symbol.for('pgtally.tracker.1')

/**
 * The kernel of the first copy of core that was used in this process (ESM and CommonJS, bundled, another version): the others
 * delegate to it. Only plain objects and functions cross, since classes, private fields and module state of two copies do not
 * know each other. Within a protocol only optional things are added; anything else is a new number.
 */
export const kernel = (): Kernel => {
  const shared = globalThis as unknown as Record<symbol, Kernel | undefined>
  const known = shared[key]
  if (known !== undefined) return known
  const made = createKernel()
  Object.defineProperty(shared, key, { value: made })
  return made
}
