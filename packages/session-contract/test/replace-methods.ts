import type { QueryResult, Session } from '@pgtally/core'

export type Query = (text: string, ...rest: never[]) => Promise<QueryResult<unknown>>

/** The same session with some methods replaced, in its transactions too unless `isRoot` says where. */
export function replace(
  session: Session,
  methods: (session: Session, isRoot: boolean) => Partial<Session>,
  isRoot = true,
): Session {
  return {
    capabilities: session.capabilities,
    query: (...call) => session.query(...call),
    stream: (...call) => session.stream(...call),
    transaction: (work, options) =>
      session.transaction((transaction) => work(replace(transaction, methods, false)), options),
    ...methods(session, isRoot),
  }
}

export const replaceQuery = (session: Session, query: (session: Session, isRoot: boolean) => Query) =>
  replace(session, (one, isRoot) => ({ query: query(one, isRoot) as Session['query'] }))
