import { withTransactionTracking } from '../default-tracking.ts'
import type { Session, TransactionOptions } from '../session/session.ts'
import type { TransactionTrackingOptions } from '../tracking/tracking-options.ts'
import { decorateMethod } from './decorate-method.ts'

type TransactionMethod = (transaction: Session, ...rest: never[]) => Promise<unknown>

export interface TrackTransactionDecorator {
  <Method extends TransactionMethod>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<Method>
  <Method extends TransactionMethod>(method: Method, context: ClassMethodDecoratorContext): Method
}

/**
 * `withTransactionTracking` for a method whose first parameter is the transaction's Session: it is called with a Session, and runs in
 * a transaction of it. In the legacy (NestJS) and the TC39 form.
 *
 * @throws PGTALLY_INVALID_OPTION when the class is defined
 */
export const TrackTransaction = (options: TransactionTrackingOptions & TransactionOptions): TrackTransactionDecorator =>
  decorateMethod((method) => withTransactionTracking(method as TransactionMethod, options)) as TrackTransactionDecorator
