import { withQueryTracking } from '../default-tracking.ts'
import type { Tracked } from '../tracking/signatures.ts'
import type { QueryTrackingOptions } from '../tracking/tracking-options.ts'
import { decorateMethod } from './decorate-method.ts'

type QueryMethod = (...args: never[]) => Promise<unknown>

/**
 * The method must return a plain promise: a decorator can't change its type, and a lazy query would come back as one.
 */
export interface TrackQueryDecorator {
  <Method extends QueryMethod>(method: Method, context: ClassMethodDecoratorContext<never>): Tracked<Method>
  // The last, since it is the one that a compile error under experimentalDecorators explains.
  <Method extends QueryMethod>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<Tracked<Method>>
}

/**
 * `withQueryTracking` for a method, in the legacy (NestJS) and the TC39 form. Statements are counted where the method's first
 * argument is a Session, or with the tracker's `asyncContext`.
 *
 * @throws PGTALLY_INVALID_OPTION when the class is defined
 */
export const TrackQuery = (options: QueryTrackingOptions): TrackQueryDecorator =>
  decorateMethod((method) => withQueryTracking(method as QueryMethod, options)) as TrackQueryDecorator
