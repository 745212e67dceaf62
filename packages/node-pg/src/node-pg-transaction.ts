import { createTallyError, type TransactionOptions, type TransactionVerdict } from '@pgtally/core/adapter'
import { beginText } from './begin-text.ts'
import { checkOut } from './check-out.ts'
import type { PgPool, PgPoolClient } from './pg-client.ts'
import { requireSupportedPg } from './require-supported-pg.ts'
import { runTransaction } from './run-transaction.ts'

/** What `nodePgTransaction` takes. */
export interface NodePgTransaction {
  <Client extends PgPoolClient, Result>(
    pool: PgPool<Client>,
    work: (client: Client) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>
  // For `transact: nodePgTransaction`, where the types of a generic function cannot be told from its neighbours.
  (pool: PgPool, work: (client: never) => Promise<unknown>): Promise<unknown>
}

/**
 * One transaction on a client of the pool, for code whose helpers take a `PoolClient`: begins, calls `work` with the client, and
 * commits, or rolls back where `work` rejects. Resolves only if the server answered COMMIT. `work` must neither release the client
 * nor send BEGIN, COMMIT or ROLLBACK itself.
 *
 * With tracking: `transact: nodePgTransaction`, or `transact: (pool, work) => nodePgTransaction(pool, work, { readOnly: true })`.
 *
 * @throws what `work` threw, the same value; the server's own error where it refused COMMIT; `PGTALLY_COMMIT_ROLLED_BACK` where it
 * answered COMMIT by ROLLBACK, since a statement had failed and `work` went on; `PGTALLY_INVALID_OPTION`
 */
export const nodePgTransaction: NodePgTransaction = async <Result>(
  pool: PgPool,
  work: (client: never) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> => {
  requireSupportedPg((pool as { readonly Client?: unknown }).Client)
  const begin = beginText(options)
  const { connection, client, owner, end } = await checkOut(pool).arrived
  let done: { readonly result: Result } | { readonly thrown: unknown } | undefined
  const runWork = async (): Promise<TransactionVerdict> => {
    try {
      done = { result: await work(client as never) }
      return 'commit'
    } catch (thrown) {
      done = { thrown }
      return 'rollback'
    }
  }
  const ended = await runTransaction(connection, owner, begin, runWork).finally(end)
  if (done !== undefined && 'thrown' in done) throw done.thrown
  if (ended.outcome !== 'committed') throw 'error' in ended ? ended.error : commitRolledBack()
  return (done as { readonly result: Result }).result
}

const commitRolledBack = () =>
  createTallyError(
    'PGTALLY_COMMIT_ROLLED_BACK',
    'The server answered COMMIT by ROLLBACK: a statement of the transaction had failed, and its error was caught. Let it reach the end of the work, or use a savepoint.',
  )
