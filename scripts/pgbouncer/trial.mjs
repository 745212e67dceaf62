// What the checks share. In session mode a client keeps its server connection, so a pool is as large as PgBouncer's, but where
// a check opens more clients than that on purpose.
import { strict as assert } from 'node:assert'
import { classifyError } from '../../packages/core/src/index.ts'

export const serverConnections = 3
export const clients = 40
export const fitting = { max: serverConnections }

export const each = (count, work) => Promise.all(Array.from({ length: count }, (_, index) => work(index)))

export const single = async (session, text, values) => Object.values((await session.query(text, values)).rows[0])[0]

export const rejection = (promise) =>
  promise.then(
    () => assert.fail('it resolved'),
    (error) => error,
  )

export const failures = async (running) =>
  (await Promise.allSettled(running)).flatMap(({ status, reason }) => (status === 'rejected' ? [reason] : []))

export const described = (error) => `${error.code}, ${classifyError(error).kind}`

/** postgres.js does not pass on what the server said last. */
export const lostIn = (isPg) => `${isPg ? '08P01' : 'CONNECTION_CLOSED'}, connection_lost`
export const killedIn = (isPg) => (isPg ? '57P01, server_shutdown' : 'CONNECTION_CLOSED, connection_lost')

/** Waits on the server until the condition is true. */
export const untilTrue = (direct, condition) =>
  direct.query(
    `do $$ begin while not (${condition}) loop perform pg_sleep(0.01), pg_stat_clear_snapshot(); end loop; end $$`,
  )

export const runs = (mark, atLeast = 1) =>
  `${atLeast} <= (select count(*) from pg_stat_activity where state = 'active' and query like '%as ${mark}')`

/** Has every server connection work for some seconds; `over` is when they are free again. */
export const holdAll = async (session, direct, seconds) => {
  const over = each(serverConnections, () => session.query(`select pg_sleep(${seconds}) as held`))
  await untilTrue(direct, runs('held', serverConnections))
  return { over }
}

export const freshTable = (direct) => direct.query('drop table if exists kept; create table kept (id int)')
export const keptRows = (direct) => single(direct, 'select count(*)::int from kept')
