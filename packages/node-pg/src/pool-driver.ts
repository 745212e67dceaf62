import type {
  DriverCall,
  DriverCursor,
  DriverPool,
  DriverStatement,
  PendingStatement,
  SessionDriver,
} from '@pgtally/core/adapter'
import { beginText } from './begin-text.ts'
import { checkOut, type Lease } from './check-out.ts'
import { notSent } from './connection-parts.ts'
import type { PgPool } from './pg-client.ts'
import { runTransaction } from './run-transaction.ts'

/** Each statement, stream and transaction on a client of its own, which goes back when it is over. */
export const createPoolDriver = (pool: PgPool, facts: DriverPool): SessionDriver => ({
  capabilities: { concurrentTransactions: true, statementTimeout: true, cancel: true, poolWait: true },
  pool: facts,
  query: (statement, call) => queryOnPool(pool, statement, call),
  stream: (statement, batchSize, call) => streamFromPool(pool, statement, batchSize, call),
  async transaction(options, work, call) {
    const begin = beginText(options)
    const { connection, owner, end } = await checkOut(pool).arrived
    call.connected()
    const { query, stream } = connection
    try {
      return await runTransaction(
        connection,
        owner,
        begin,
        () => work({ query, stream, discard: owner.discard }),
        call.lost,
      )
    } finally {
      await end()
    }
  },
})

const queryOnPool = (pool: PgPool, statement: DriverStatement, call: DriverCall): PendingStatement => {
  const { arrived, giveUp } = checkOut(pool)
  let cancelled = false
  let pending: PendingStatement | undefined
  const run = async () => {
    const { connection, end } = await arrived
    try {
      if (cancelled) throw notSent()
      call.connected()
      pending = connection.query(statement)
      return await pending.result
    } finally {
      await end()
    }
  }
  return {
    result: run(),
    cancel() {
      cancelled = true
      if (pending === undefined) giveUp()
      else pending.cancel()
    },
    abandon: () => pending?.abandon(),
  }
}

const streamFromPool = (
  pool: PgPool,
  statement: DriverStatement,
  batchSize: number,
  call: DriverCall,
): DriverCursor => {
  const open = async () => {
    const waiting = checkOut(pool)
    giveUp = waiting.giveUp
    lease = await waiting.arrived
    if (over) throw notSent()
    call.connected()
    cursor = lease.connection.stream(statement, batchSize)
    return cursor
  }
  let over = false
  let giveUp = () => {}
  let lease: Lease | undefined
  let cursor: DriverCursor | undefined
  let opening: Promise<DriverCursor> | undefined
  let closing: Promise<void> | undefined
  const close = async () => {
    over = true
    if (cursor === undefined) giveUp()
    await opening?.catch(() => {})
    try {
      await cursor?.close()
    } finally {
      await lease?.end()
    }
  }
  return {
    async next() {
      if (over && opening === undefined) return []
      opening ??= open()
      return (await opening).next()
    },
    close() {
      closing ??= close()
      return closing
    },
    cancel() {
      if (cursor !== undefined) cursor.cancel()
      else {
        over = true
        giveUp()
      }
    },
    abandon: () => cursor?.abandon(),
  }
}
