import type { ErrorKind, Session } from '@pgtally/core'
import { startFaultProxy } from '@pgtally/session-contract'
import type { OpenedSession, OpenOptions } from './drivers/fault-driver.ts'
import { pollUntil } from './poll-until.ts'
import { rejectionOf } from './rejection-of.ts'
import type { ServerRun } from './scenario.ts'

export interface ErrorBench extends ServerRun {
  readonly session: Session
  open(options?: Partial<OpenOptions>): OpenedSession
}

export interface RealErrorCase {
  readonly what: string
  readonly kind: ErrorKind
  readonly sqlState?: string
  /** What a driver makes of it that does not pass the server's last word on. */
  readonly kindWithoutWord?: ErrorKind
  /** The driver has no such limit. */
  readonly onlyWherePoolWaitIsLimited?: boolean
  /** Rejects with the error. */
  fail(bench: ErrorBench): Promise<unknown>
}

/** Resolves when as many have arrived. */
const createMeeting = (count: number) => {
  let arrived = 0
  let open = () => {}
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    arrived += 1
    if (arrived === count) open()
    return all
  }
}

const errorOf = (rejection: { readonly error: unknown } | string): unknown =>
  typeof rejection === 'string' ? new Error(rejection) : rejection.error

/** The first rejection, once all have settled. */
const firstRejection = async (promises: readonly Promise<unknown>[]): Promise<void> => {
  const settled = await Promise.allSettled(promises)
  for (const one of settled) if (one.status === 'rejected') throw one.reason
}

const whileLocked = async ({ session }: ErrorBench, use: () => Promise<unknown>) =>
  session.transaction(async (transaction) => {
    await transaction.query('update account set balance = 1 where id = 1')
    await use()
  })

const query = ({ open }: ErrorBench, options: Partial<OpenOptions>) =>
  open({ max: 1, ...options }).session.query('select 1')

export const realErrorCases: readonly RealErrorCase[] = [
  {
    what: 'deadlock',
    kind: 'deadlock',
    sqlState: '40P01',
    fail({ session }) {
      const meet = createMeeting(2)
      const lockBoth = (first: number, second: number) =>
        session.transaction(async (transaction) => {
          await transaction.query('update account set balance = 2 where id = $1', [first])
          await meet()
          await transaction.query('update account set balance = 2 where id = $1', [second])
        })
      return firstRejection([lockBoth(1, 2), lockBoth(2, 1)])
    },
  },
  {
    what: 'serialization failure, at COMMIT or before',
    kind: 'serialization_failure',
    sqlState: '40001',
    fail({ session }) {
      const meet = createMeeting(2)
      const withdraw = (id: number) =>
        session.transaction(
          async (transaction) => {
            await transaction.query('select sum(balance) from account')
            await transaction.query('update account set balance = 0 where id = $1', [id])
            await meet()
          },
          { isolationLevel: 'serializable' },
        )
      return firstRejection([withdraw(1), withdraw(2)])
    },
  },
  {
    what: 'lock timeout',
    kind: 'lock_timeout',
    sqlState: '55P03',
    fail: (bench) =>
      whileLocked(bench, () =>
        bench.open({ settings: { lock_timeout: '20ms' } }).session.query('update account set balance = 3 where id = 1'),
      ),
  },
  {
    what: 'NOWAIT',
    kind: 'lock_timeout',
    sqlState: '55P03',
    fail: (bench) =>
      whileLocked(bench, () => bench.session.query('select * from account where id = 1 for update nowait')),
  },
  {
    what: 'statement timeout',
    kind: 'canceled',
    sqlState: '57014',
    fail: ({ open }) => open({ settings: { statement_timeout: '20ms' } }).session.query('select pg_sleep(60)'),
  },
  {
    what: 'pg_cancel_backend',
    kind: 'canceled',
    sqlState: '57014',
    async fail({ session, server }) {
      const rejected = rejectionOf(session.query('select pg_sleep(60)'))
      const backend = await pollUntil('it runs', async () => (await server.backends(`wait_event = 'PgSleep'`))[0])
      await server.look('select pg_cancel_backend($1)', [backend])
      throw errorOf(await rejected)
    },
  },
  {
    what: 'a signal',
    kind: 'aborted',
    async fail({ session, server }) {
      const controller = new AbortController()
      const running = session.query('select pg_sleep(60)', [], { signal: controller.signal })
      const rejected = rejectionOf(running)
      await pollUntil('it runs', async () => (await server.backends(`wait_event = 'PgSleep'`))[0])
      controller.abort()
      throw errorOf(await rejected)
    },
  },
  {
    what: 'read only',
    kind: 'read_only',
    sqlState: '25006',
    fail: ({ session }) =>
      session.transaction((transaction) => transaction.query('delete from account'), { readOnly: true }),
  },
  {
    what: 'a deferred foreign key, at COMMIT',
    kind: 'foreign_key_violation',
    sqlState: '23503',
    fail: ({ session }) => session.transaction((transaction) => transaction.query('insert into owner values (404)')),
  },
  {
    what: 'unique',
    kind: 'unique_violation',
    sqlState: '23505',
    fail: ({ session }) => session.query('insert into account values ($1, $1)', [1]),
  },
  {
    what: 'a statement after a failed one',
    kind: 'transaction_aborted',
    sqlState: '25P02',
    fail: ({ session }) =>
      session.transaction(async (transaction) => {
        await transaction.query('select 1 / 0').catch(() => {})
        await transaction.query('select 1')
      }),
  },
  {
    what: 'a swallowed error',
    kind: 'commit_rolled_back',
    fail: ({ session }) => session.transaction((transaction) => transaction.query('select 1 / 0').catch(() => {})),
  },
  {
    what: 'wrong password',
    kind: 'auth_failed',
    sqlState: '28P01',
    fail: (bench) => query(bench, { password: 'wrong' }),
  },
  {
    what: 'unknown user',
    kind: 'auth_failed',
    sqlState: '28P01',
    fail: (bench) => query(bench, { user: 'nobody' }),
  },
  {
    what: 'unknown database',
    kind: 'undefined_object',
    sqlState: '3D000',
    fail: (bench) => query(bench, { database: 'missing' }),
  },
  { what: 'refused', kind: 'connection_failed', fail: (bench) => query(bench, { host: '127.0.0.1', port: 1 }) },
  {
    what: 'a host that is not found',
    kind: 'connection_failed',
    fail: (bench) => query(bench, { host: 'missing.invalid' }),
  },
  {
    what: 'a server that does not answer',
    kind: 'connect_timeout',
    async fail(bench) {
      const proxy = await startFaultProxy({ host: bench.server.host, port: bench.server.port })
      proxy.set('toClient', { drop: true })
      try {
        // postgres.js counts in whole seconds.
        await query(bench, { via: proxy, connectTimeoutMs: 1000 })
      } finally {
        await proxy.close()
      }
    },
  },
  {
    what: 'a connection that is reset',
    kind: 'connection_lost',
    async fail(bench) {
      const proxy = await startFaultProxy({ host: bench.server.host, port: bench.server.port })
      try {
        const { session } = bench.open({ via: proxy, max: 1 })
        await session.query('select 1')
        void proxy.when('toServer', 'reset me', () => proxy.reset())
        await session.query(`select 'reset me'`)
      } finally {
        await proxy.close()
      }
    },
  },
  {
    what: 'idle in transaction for too long',
    kind: 'session_timeout',
    sqlState: '25P03',
    kindWithoutWord: 'connection_lost',
    async fail({ open, server }) {
      const { session } = open({ max: 1, settings: { idle_in_transaction_session_timeout: '20ms' } })
      await session.transaction(async (transaction) => {
        await transaction.query('select 1')
        await pollUntil('it was ended', async () =>
          (await server.backends(`state like 'idle in tr%'`)).length === 0 ? true : undefined,
        )
      })
    },
  },
  {
    what: 'no connection of the pool gets free',
    kind: 'pool_timeout',
    onlyWherePoolWaitIsLimited: true,
    fail({ open }) {
      const { session } = open({ max: 1, connectTimeoutMs: 50 })
      return session.transaction(() => session.query('select 1'))
    },
  },
]
