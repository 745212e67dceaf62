import type { TrackedFunction } from '../tracking/tracked-function.ts'
import { ambientCall } from './ambient-call.ts'
import type {
  QueryOptions,
  QueryResult,
  Session,
  SessionCapabilities,
  StreamOptions,
  TransactionOptions,
} from './session.ts'
import type { SessionScope } from './session-scope.ts'

/** What the statements of one call added up to. Made at the first statement. */
export interface StatementFacts {
  statementCount: number
  /** Absent while no statement has reported one. */
  rowCount: number | undefined
  poolWaitMs: number
  longestMs: number
  /** Text of the statement that ran longest, while somebody needs it. */
  longestText: string | undefined
}

const self = Symbol('pgtally.session')

/**
 * The one Session there is: over a database or a transaction (its scope), and bound to the tracked call that it works for, if
 * any. It is that call's record too: a second object per call would cost as much as all the rest.
 *
 * Recognised by a private field, which no copy, proxy or heir has.
 */
export class BoundSession implements Session {
  // Lets the methods work on a proxy or an heir of a session too, where private fields are out of reach.
  readonly [self] = this
  readonly #scope: SessionScope | undefined
  /** Present on a call's record. */
  readonly #function: TrackedFunction | undefined
  /** Of a record: the call that encloses it. Of a binding without a function: the record that it works for. */
  readonly #parent: BoundSession | undefined
  /** Null once the call has ended. */
  #facts: StatementFacts | null | undefined = undefined

  constructor(scope: SessionScope | undefined, of?: TrackedFunction, parent?: BoundSession) {
    this.#scope = scope
    this.#function = of
    this.#parent = parent
  }

  get capabilities(): SessionCapabilities {
    return BoundSession.scopeOf(this[self]).driver.capabilities
  }

  query<Row>(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<QueryResult<Row>> {
    const session = this[self]
    return BoundSession.scopeOf(session).query(session, text, values, options) as Promise<QueryResult<Row>>
  }

  stream<Row>(text: string, values?: readonly unknown[], options?: StreamOptions): AsyncIterable<Row> {
    const session = this[self]
    return BoundSession.scopeOf(session).stream(session, text, values, options) as AsyncIterable<Row>
  }

  transaction<Result>(work: (transaction: Session) => Promise<Result>, options?: TransactionOptions): Promise<Result> {
    const session = this[self]
    return BoundSession.scopeOf(session).transaction(session, work, options)
  }

  /** The very Session that an adapter or pgtally made, or undefined for anything else. Runs no code of the value's. */
  static from(value: unknown): BoundSession | undefined {
    return typeof value === 'object' && value !== null && #scope in value ? (value as BoundSession) : undefined
  }

  /** Where it sends its statements; undefined for the record of a call that was given no Session. */
  static scopeIfAny(record: BoundSession): SessionScope | undefined {
    return record.#scope
  }

  static scopeOf(session: BoundSession): SessionScope {
    return session.#scope as SessionScope
  }

  /** The record of the call that a Session works for; undefined where it works for none, or for one that has ended. */
  static recordOf(session: BoundSession): BoundSession | undefined {
    const ambient = ambientCall()
    const bound = session.#function === undefined ? (session.#parent ?? ambient) : session
    if (bound === undefined || bound.#facts === null) return undefined
    return ambient === undefined || ambient.#facts === null || !isWithin(ambient, bound) ? bound : ambient
  }

  static enclosing(record: BoundSession): BoundSession | undefined {
    return record.#parent
  }

  static functionOf(record: BoundSession): TrackedFunction {
    return record.#function as TrackedFunction
  }

  static factsOf(record: BoundSession): StatementFacts {
    record.#facts ??= { statementCount: 0, rowCount: undefined, poolWaitMs: 0, longestMs: -1, longestText: undefined }
    return record.#facts
  }

  /** The record of a new call. Its enclosing call is linked only while it runs, or records would chain for ever. */
  static bind(from: BoundSession, to: TrackedFunction): BoundSession {
    from.#scope?.firstTracked?.()
    return new BoundSession(from.#scope, to, BoundSession.recordOf(from))
  }

  /** The record of a transaction that a call on `from` began. */
  static bindTo(scope: SessionScope, to: TrackedFunction, from: BoundSession): BoundSession {
    from.#scope?.firstTracked?.()
    return new BoundSession(scope, to, BoundSession.recordOf(from))
  }

  /** The record of a call that was given no Session: filled through async context only. */
  static bindAmbient(to: TrackedFunction): BoundSession {
    const enclosing = ambientCall()
    return new BoundSession(undefined, to, enclosing === undefined || enclosing.#facts === null ? undefined : enclosing)
  }

  /** A Session on another scope for the same call: that of a transaction which the call began. */
  static within(from: BoundSession, scope: SessionScope): BoundSession {
    const record = BoundSession.recordOf(from)
    return record === undefined ? scope.session : new BoundSession(scope, undefined, record)
  }

  /**
   * Closes a call's record: adds its facts to those of the enclosing call, once, and keeps late statements off it. Undefined
   * where no statement ran.
   */
  static settle(record: BoundSession): StatementFacts | undefined {
    const facts = record.#facts ?? undefined
    record.#facts = null
    const parent = record.#parent
    if (facts !== undefined && parent !== undefined && parent.#facts !== null)
      addFacts(BoundSession.factsOf(parent), facts)
    return facts
  }
}

/** A call that is given no Session may take one from its object, bound to a call that encloses it. */
const isWithin = (record: BoundSession, enclosing: BoundSession): boolean => {
  for (let of: BoundSession | undefined = record; of !== undefined; of = BoundSession.enclosing(of)) {
    if (of === enclosing) return true
  }
  return false
}

const addFacts = (sum: StatementFacts, facts: StatementFacts): void => {
  sum.statementCount += facts.statementCount
  sum.poolWaitMs += facts.poolWaitMs
  if (facts.rowCount !== undefined) sum.rowCount = (sum.rowCount ?? 0) + facts.rowCount
  if (facts.longestMs > sum.longestMs) {
    sum.longestMs = facts.longestMs
    sum.longestText = facts.longestText
  }
}
