import { withTransactionTracking } from '../default-tracking.ts'
import type { Session, TransactionOptions } from '../session/session.ts'
import type { Tracked } from '../tracking/signatures.ts'
import type { TransactionTrackingOptions } from '../tracking/tracking-options.ts'
import { decorateMethod } from './decorate-method.ts'

type TransactionMethod = (transaction: Session, ...rest: never[]) => Promise<unknown>

type OnSession<Method extends TransactionMethod> = Parameters<Method>[0] extends Session
  ? Tracked<Method>
  : ['The first parameter must be a Session']

/**
 * The first parameter must be a whole Session: a decorator can't change a method's type, and what is handed in begins the transaction.
 */
export interface TrackTransactionDecorator {
  <Method extends TransactionMethod>(method: Method, context: ClassMethodDecoratorContext<never>): OnSession<Method>
  // The last, since it is the one that a compile error under experimentalDecorators explains.
  <Method extends TransactionMethod>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<OnSession<Method>>
}

/**
 * `withTransactionTracking` for a method whose first parameter is the transaction's Session: it is called with a Session, and runs in
 * a transaction of it. In the legacy (NestJS) and the TC39 form.
 *
 * @throws PGTALLY_INVALID_OPTION when the class is defined
 */
export const TrackTransaction = (options: TransactionTrackingOptions & TransactionOptions): TrackTransactionDecorator =>
  decorateMethod((method) => withTransactionTracking(method as TransactionMethod, options)) as TrackTransactionDecorator
