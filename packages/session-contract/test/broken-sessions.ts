import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import type { QueryResult, Session } from '@pgtally/core'
import { isConnectionFatal } from '@pgtally/core/adapter'
import type { Pool } from 'pg'
import { replace, replaceQuery } from './replace-methods.ts'

/**
 * Sessions that break laws which core keeps for every adapter: another Session, or an adapter that does without `createSession`,
 * could break them.
 */
type Change = (session: Session, pool: Pool) => Session

class LazyPromise extends Promise<QueryResult<unknown>> {
  start: () => Promise<QueryResult<unknown>> = () => Promise.reject(new Error('nothing to start'))

  // biome-ignore lint/suspicious/noThenProperty: that is the fault.
  override then: Promise<QueryResult<unknown>>['then'] = (onResult, onError) => this.start().then(onResult, onError)
}

const codeOf = (error: unknown) => (error as { readonly code?: unknown } | undefined)?.code

/** Runs on the pool whatever the session refused with this code. */
const escapeOn =
  (code: string): Change =>
  (session, pool) =>
    replaceQuery(session, (one, isRoot) => async (text, ...rest) => {
      try {
        return await one.query(text, ...rest)
      } catch (error) {
        if (isRoot || codeOf(error) !== code) throw error
        return (await pool.query(text)) as unknown as QueryResult<unknown>
      }
    })

/** Blames one of the errors of a transaction's statements, those of its savepoints included. */
function nameCause(session: Session, choose: (errors: readonly unknown[]) => unknown): Session {
  return replace(session, (one) => ({
    transaction: (work, options) => {
      const errors: unknown[] = []
      const watched = (transaction: Session) =>
        replaceQuery(
          transaction,
          (inner) =>
            (text, ...rest) =>
              inner.query(text, ...rest).catch((error: unknown) => {
                errors.push(error)
                throw error
              }),
        )
      return one
        .transaction((transaction) => work(watched(transaction)), options)
        .catch((error: unknown) => {
          if (codeOf(error) !== 'PGTALLY_COMMIT_ROLLED_BACK') throw error
          throw Object.assign(new Error('rolled back', { cause: choose(errors) }), { code: codeOf(error) })
        })
    },
  }))
}

export const brokenSessions = {
  'starts when it is awaited': (session) =>
    replaceQuery(session, (one) => (text, ...rest) => {
      const lazy = new LazyPromise(() => {})
      lazy.start = () => one.query(text, ...rest)
      return lazy
    }),

  'returns a subclass of Promise': (session) =>
    replaceQuery(session, (one) => (text, ...rest) => {
      class Pending<Value> extends Promise<Value> {}
      return Pending.resolve(one.query(text, ...rest))
    }),

  'copies the result': (session) =>
    replace(session, (one) => ({
      transaction: async (work, options) => structuredClone(await one.transaction(work, options)),
    })),

  'runs work twice': (session) =>
    replace(session, (one) => ({
      transaction: async (work, options) => {
        await one.transaction(work, options)
        return one.transaction(work, options)
      },
    })),

  'runs work again after a conflict': (session) =>
    replace(session, (one) => ({
      transaction: (work, options) =>
        one.transaction(work, options).catch((error: unknown) => {
          if (codeOf(error) !== '40001') throw error
          return one.transaction(work, options)
        }),
    })),

  'lets transaction control pass': (session, pool) => escapeOn('PGTALLY_TRANSACTION_CONTROL')(session, pool),

  'names the last error as the cause': (session) => nameCause(session, (errors) => errors.at(-1)),

  'names the first error of all as the cause': (session) => nameCause(session, (errors) => errors[0]),

  'commits a savepoint that swallowed an error': (session) =>
    replace(session, (one, isRoot) =>
      isRoot
        ? {}
        : {
            transaction: async (work, options) => {
              let result: unknown
              await one
                .transaction(async (inner) => {
                  result = await work(inner)
                }, options)
                .catch((error: unknown) => {
                  if (codeOf(error) !== 'PGTALLY_COMMIT_ROLLED_BACK') throw error
                })
              return result as never
            },
          },
    ),

  'wraps what work threw': (session) =>
    replace(session, (one) => ({
      transaction: (work, options) =>
        one.transaction(work, options).catch((error: unknown) => {
          throw codeOf(error) === 'PGTALLY_TRANSACTION_CLOSED'
            ? error
            : new Error('transaction failed', { cause: error })
        }),
    })),

  'commits what threw': (session) =>
    replace(session, (one) => ({
      transaction: async (work, options) => {
        let thrown: { readonly error: unknown } | undefined
        const result = await one.transaction(async (transaction) => {
          try {
            return await work(transaction)
          } catch (error) {
            thrown = { error }
            return undefined as never
          }
        }, options)
        if (thrown) throw thrown.error
        return result
      },
    })),

  'sends what was aborted before': (session) =>
    replaceQuery(session, (one) => async (text, ...rest) => {
      const [, options] = rest as unknown as [unknown, { readonly signal?: AbortSignal } | undefined]
      if (!options?.signal?.aborted) return one.query(text, ...rest)
      await one.query(text)
      throw options.signal.reason
    }),

  'runs late statements elsewhere': (session, pool) => escapeOn('PGTALLY_TRANSACTION_CLOSED')(session, pool),

  'resolves what lost its connection': (session) =>
    replace(session, (one) => ({
      transaction: (work, options) =>
        one.transaction(work, options).catch((error: unknown) => {
          if (!isConnectionFatal(error)) throw error
          return undefined as never
        }),
    })),

  'resolves late statements': (session) =>
    replaceQuery(
      session,
      (one) =>
        (text, ...rest) =>
          one.query(text, ...rest).catch((error: unknown) => {
            if (codeOf(error) !== 'PGTALLY_TRANSACTION_CLOSED') throw error
            return { rows: [], rowCount: undefined, command: undefined }
          }),
    ),

  'joins the outer transaction': (session) =>
    replace(session, (one, isRoot) => (isRoot ? {} : { transaction: (work) => work(one) })),

  'nests on another connection': (session) =>
    replace(session, (_one, isRoot) =>
      isRoot ? {} : { transaction: (work, options) => session.transaction(work, options) },
    ),

  'takes a connection before it checks the options': (session) =>
    replace(session, (one, isRoot) =>
      isRoot
        ? {
            transaction: async (work, options) => {
              if (options) await one.query('select 1')
              return one.transaction(work, options)
            },
          }
        : {},
    ),

  'runs statements beside a stream elsewhere': (session, pool) => escapeOn('PGTALLY_STREAM_OPEN')(session, pool),

  'starts statements a little later': (session) =>
    replaceQuery(session, (one, isRoot) => async (text, ...rest) => {
      if (!isRoot && /pg_sleep/.test(text)) await delay(60)
      return one.query(text, ...rest)
    }),

  'undoes nothing of what came late': (session) =>
    replace(session, (one, isRoot) =>
      isRoot
        ? {}
        : {
            transaction: (work, options) =>
              one.transaction(
                (inner) =>
                  work(
                    replaceQuery(inner, () => async (text) => {
                      await turn()
                      return one.query(text)
                    }),
                  ),
                options,
              ),
          },
    ),
} satisfies Record<string, Change>

export type BrokenSession = keyof typeof brokenSessions
