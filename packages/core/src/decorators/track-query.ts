import { withQueryTracking } from '../default-tracking.ts'
import type { QueryTrackingOptions } from '../tracking/tracking-options.ts'
import { decorateMethod } from './decorate-method.ts'

type QueryMethod = (...args: never[]) => Promise<unknown>

export interface TrackQueryDecorator {
  <Method extends QueryMethod>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<Method>
  <Method extends QueryMethod>(method: Method, context: ClassMethodDecoratorContext): Method
}

/**
 * `withQueryTracking` for a method, in the legacy (NestJS) and the TC39 form. Statements are counted where the method's first
 * argument is a Session, or with the tracker's `asyncContext`.
 *
 * @throws PGTALLY_INVALID_OPTION when the class is defined
 */
export const TrackQuery = (options: QueryTrackingOptions): TrackQueryDecorator =>
  decorateMethod((method) => withQueryTracking(method as QueryMethod, options)) as TrackQueryDecorator
