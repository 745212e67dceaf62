import type { DriverStatement } from '@pgtally/core/adapter'
import { endCopy } from './end-copy.ts'
import { notSent } from './not-sent.ts'
import type { PostgresConnection, PostgresQuery, QuerySource } from './postgres-sql.ts'

const answerWithinMs = 2000

/** What is wished to be known of a statement, while it is under way. */
export interface QueryWatch {
  /** The server works on it now. */
  running(): void
  /** The connection, where postgres.js shows it. */
  connection?(connection: PostgresConnection): void
}

/** A statement of postgres.js that was started, once. */
export interface StartedQuery {
  /** Native promise. */
  readonly answer: Promise<readonly unknown[]>
  /** It has been written to a connection. */
  wasSent(): boolean
  /** Cancels it; returns what must be over before the connection is used again, undefined where nothing is. */
  cancel(): Promise<void> | undefined
}

export const isSimple = ({ values, name, singleStatement }: DriverStatement): boolean =>
  values === undefined && name === undefined && !singleStatement

/** Makes a statement, which is not sent yet. Without values it goes by the simple protocol, the only one that takes several in one text. */
export const makeQuery = (source: QuerySource, statement: DriverStatement, watch: QueryWatch): PostgresQuery => {
  const query = source.unsafe(statement.text, statement.values ?? [], {
    prepare: statement.name !== undefined,
    simple: isSimple(statement),
    onexecute(connection) {
      watch.connection?.(connection)
      return true
    },
  })
  let { active } = query
  Object.defineProperty(query, 'active', {
    get: () => active,
    set(value: boolean) {
      active = value
      if (value) watch.running()
    },
    configurable: true,
    enumerable: true,
  })
  return query
}

/** Sends it. */
export const startQuery = (query: PostgresQuery): StartedQuery => {
  let takeBack: (error: unknown) => void = () => {}
  const answer = new Promise<readonly unknown[]>((resolve, reject) => {
    takeBack = reject
    query.then((answer) => (Array.isArray(answer) ? resolve(answer) : endCopy(answer).then(reject)), reject)
  })
  let isOver = false
  const over = () => {
    isOver = true
  }
  answer.then(over, over)
  return {
    answer,
    wasSent: () => query.state !== null,
    cancel() {
      if (isOver) return undefined
      if (query.state === null) {
        sendNothing(query)
        takeBack(notSent())
      } else if (query.active) return requestCancel(query)
      // Behind a statement that somebody else sent on the same connection: the request would hit that one.
      return undefined
    },
  }
}

/**
 * It waits for a connection. postgres.js's own way to take it back can lose the connection that is being opened for it, so it is
 * left where it is, without its text.
 */
const sendNothing = (query: PostgresQuery): void => {
  query.strings = ['']
  query.args = []
  query.options.simple = true
  query.options.prepare = false
}

const requestCancel = async (query: PostgresQuery): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, answerWithinMs)
  })
  // Where no request could be made there is nothing to wait for.
  const asked = Promise.resolve(query.canceller?.(query)).then(
    () => {},
    () => {},
  )
  await Promise.race([asked, late])
  clearTimeout(timer)
}
