// Statements, streams and signals through PgBouncer.
import { strict as assert } from 'node:assert'
import { clients, each, fitting, holdAll, rejection, runs, serverConnections, single, untilTrue } from './trial.mjs'

export const statementChecks = [
  {
    name: 'statements, with and without values, and several in one text',
    expected: 'works',
    async run({ open }) {
      const session = open(fitting)
      const found = await each(clients, (index) => single(session, 'select $1::int', [index]))
      assert.deepEqual(found, [...found.keys()])
      assert.equal(await single(session, 'select 1; select 2'), 2)
    },
  },
  {
    name: 'singleStatement',
    expected: 'works',
    async run({ open }) {
      const session = open(fitting)
      const error = await rejection(session.query('select 1; select 2', undefined, { singleStatement: true }))
      assert.equal(error.code, '42601')
      const { rows } = await session.query('select 3 as three', undefined, { singleStatement: true })
      assert.equal(rows[0].three, 3)
    },
  },
  {
    name: 'streams: to the end, left early, in a transaction, beside others',
    expected: 'works',
    async run({ open }) {
      const session = open(fitting)
      const read = async (on, limit = 1000) => {
        let count = 0
        for await (const { n } of on.stream('select n from generate_series(1, 1000) n', [], { batchSize: 50 })) {
          count += 1
          assert.equal(n, count)
          if (count === limit) break
        }
        assert.equal(count, limit)
      }
      await each(12, (index) =>
        index % 3 === 0 ? session.transaction(read) : read(session, index % 3 === 1 ? 7 : 1000),
      )
      assert.equal(await single(session, 'select 1'), 1)
    },
  },
  {
    name: 'a signal: running, in a transaction, in a stream',
    expected: 'works',
    async run({ open, direct }) {
      const session = open(fitting)
      const aborted = async (mark, start) => {
        const controller = new AbortController()
        const reason = new Error('enough')
        const ending = rejection(start(controller.signal))
        await untilTrue(direct, runs(mark))
        const startedAt = performance.now()
        controller.abort(reason)
        assert.equal(await ending, reason)
        assert.ok(performance.now() - startedAt < 900, 'the server did not answer')
        await untilTrue(direct, `not ${runs(mark)}`)
      }
      await aborted('alone', (signal) => session.query('select pg_sleep(30), $1::text as alone', ['x'], { signal }))
      await aborted('inside', (signal) =>
        session.transaction((transaction) => transaction.query('select pg_sleep(30) as inside', undefined, { signal })),
      )
      await aborted('streamed', async (signal) => {
        for await (const _ of session.stream('select pg_sleep(30) as streamed', [], { signal }));
      })
      await each(clients, () => session.query('select 1'))
    },
  },
  {
    name: 'signals near the end of statements, beside others',
    expected: 'works',
    async run({ open, poolMode }) {
      const max = poolMode === 'session' ? serverConnections : 8
      const session = open({ max })
      // All connections are open before: what is tried is where PgBouncer sends a cancellation.
      await each(max, () => session.query('select pg_sleep(0.1)'))
      let aborted = 0
      const rounds = async (first) => {
        for (let round = 0; round < 150; round += 1) {
          const signal = first % 2 === 0 ? AbortSignal.timeout(1 + ((round + first) % 8)) : undefined
          await session.query('select pg_sleep(0.004)', [], { signal }).catch((error) => {
            if (error !== signal?.reason) throw error
            aborted += 1
          })
        }
      }
      await each(6, rounds)
      assert.ok(aborted > 0, 'no signal came in time')
    },
  },
  {
    name: 'a signal while PgBouncer has no server connection free',
    expected: 'works',
    async run({ open, direct, poolMode }) {
      const held = await holdAll(open(fitting), direct, 1)
      const session = open({ max: 1 })
      const controller = new AbortController()
      const waiting = rejection(session.query('select 1 as waited', [], { signal: controller.signal }))
      setTimeout(() => controller.abort(), 200)
      const error = await waiting
      assert.equal(error.name, 'AbortError')
      await held.over
      if (poolMode === 'transaction') assert.equal(await single(session, 'select 1'), 1)
    },
  },
]
