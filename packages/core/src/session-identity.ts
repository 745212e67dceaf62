import { kernel } from './kernel.ts'
import type { Session } from './session/session.ts'

/**
 * The same object for every binding of one database or of one transaction: what a cache per Session is keyed by, since the
 * Session that a tracked function receives is another object at each call. Anything that no adapter made is its own identity.
 */
export const sessionIdentity = (session: Session): object => kernel().sessionIdentity(session)
