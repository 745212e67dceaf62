import { deepStrictEqual } from 'node:assert/strict'
import type { Session } from '@pgtally/core'
import { type ProxyFaults, startFaultProxy } from '@pgtally/session-contract'
import { exactly, type Figure, fact, none } from './figure.ts'
import type { ServerRun, ServerScenario } from './scenario.ts'
import { createSeededRandom } from './seeded-random.ts'

const ofBytes = (bytes: number) => `
  select n, md5(n::text) as hash, repeat(chr(8364) || chr(128512) || E'\\n', 5) as text, decode(md5(n::text), 'hex') as bytes,
    case when n % 3 = 0 then null else n / 7.0 end as ratio, jsonb_build_object('n', n) as json
  from generate_series(1, ${Math.max(1, Math.round(bytes / 200))}) as n`

/** A network that is slow in three ways: what comes out is the same, in the same order. */
export const slowServer: ServerScenario = {
  name: 'slow-server',
  title: 'latency of 50 ms ± 50, slices of one byte, 1 kB/s',
  needs: 'server',
  async run(run) {
    const isFull = run.size === 'full'
    await run.server.clear()
    return [
      ...(await underFaults(
        run,
        'latency',
        { latencyMs: isFull ? 50 : 5, jitterMs: isFull ? 50 : 5 },
        20_000,
        isFull ? 8 : 4,
      )),
      ...(await underFaults(run, 'slices', { sliceBytes: 1 }, isFull ? 20_000 : 4000, 4)),
      ...(await underFaults(run, 'bandwidth', { bytesPerSecond: 1000, sliceBytes: 100 }, isFull ? 1200 : 100, 2)),
    ]
  },
}

async function underFaults(
  { server, driver, seed }: ServerRun,
  name: string,
  faults: Partial<ProxyFaults>,
  resultBytes: number,
  statementCount: number,
): Promise<readonly Figure[]> {
  const proxy = await startFaultProxy({ host: server.host, port: server.port }, createSeededRandom(seed))
  const direct = driver.open({ connectionString: server.connectionString, max: 1 })
  const slow = driver.open({ connectionString: server.connectionString, max: 1, via: proxy })
  const table = `written_${name}`
  await server.look(`create table ${table} (at serial, id int)`)
  const text = ofBytes(resultBytes)
  const expected = await direct.session.query(text)
  const wrong: string[] = []
  const same = (what: string, actual: unknown, wanted: unknown) => {
    try {
      deepStrictEqual(actual, wanted)
    } catch {
      wrong.push(what)
    }
  }
  const numbers = Array.from({ length: statementCount }, (_, index) => index)
  const settledOrder: number[] = []
  const insert = async (on: Session, id: number) => {
    const { rows } = await on.query(`insert into ${table} (id) values ($1) returning id`, [id])
    settledOrder.push(id)
    return [...rows]
  }
  await slow.session.query('select 1')
  proxy.set('toClient', faults)
  proxy.set('toServer', faults)
  const startedAt = performance.now()
  const result = await slow.session.query(text)
  // postgres.js gives an array of a class of its own.
  const rows = [...expected.rows]
  same('the rows of a statement', [...result.rows], rows)
  same('its row count', result.rowCount, expected.rowCount)
  const streamed: unknown[] = []
  for await (const row of slow.session.stream(text, [], { batchSize: 20 })) streamed.push(row)
  same('the rows of a stream', streamed, rows)
  const results = await slow.session.transaction((transaction) =>
    Promise.all(numbers.map((id) => insert(transaction, id))),
  )
  same(
    'the rows of statements at once',
    results,
    numbers.map((id) => [{ id }]),
  )
  same('the order of their answers', settledOrder, numbers)
  const stored = await server.look<{ id: number }>(`select id from ${table} order by at`)
  same(
    'the order in which they ran',
    stored.map(({ id }) => id),
    numbers,
  )
  const ms = Math.round(performance.now() - startedAt)
  const leaks = slow.leaks()
  proxy.set('toClient', {
    latencyMs: 0,
    jitterMs: 0,
    sliceBytes: Number.POSITIVE_INFINITY,
    bytesPerSecond: Number.POSITIVE_INFINITY,
  })
  await Promise.all([direct.close(), slow.close()])
  await proxy.close()
  return [
    none(`${name}: differences`, wrong),
    exactly(`${name}: statements in order`, settledOrder.length, statementCount),
    none(`${name}: things not given back`, leaks),
    fact(`${name}: ms`, ms),
  ]
}
