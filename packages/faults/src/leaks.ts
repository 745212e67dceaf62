import { createTracker, type Session } from '@pgtally/core'
import { atMost, exactly, fact, none } from './figure.ts'
import { heapBytesInUse } from './heap-bytes-in-use.ts'
import { pollUntil } from './poll-until.ts'
import type { ServerScenario } from './scenario.ts'

const poolSize = 4
const workerCount = 8

type End = 'commits' | 'throws' | 'is cancelled'

/** 70 %, 20 % and 10 %. */
const ends: readonly End[] = [
  ...Array.from({ length: 7 }, () => 'commits' as const),
  ...Array.from({ length: 2 }, () => 'throws' as const),
  'is cancelled',
]

const countResources = () => {
  const counts = new Map<string, number>()
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return ['TCPSocketWrap', 'TCPServerWrap', 'Immediate'].map((name) => `${name} ${counts.get(name) ?? 0}`).join(', ')
}

/** Many transactions that commit, throw or are cancelled: nothing of them is left. */
export const leaks: ServerScenario = {
  name: 'leaks',
  title: 'transactions that commit (70 %), throw (20 %) and are cancelled (10 %) leave nothing behind',
  needs: 'server',
  async run({ server, driver, size }) {
    const count = size === 'full' ? 100_000 : 1500
    const warmUpCount = size === 'full' ? 5000 : 500
    await server.clear()
    await server.look('create table written (id int)')
    const opened = driver.open({ connectionString: server.connectionString, max: poolSize })
    const thrown = new Error('thrown by the work')
    const reason = new Error('cancelled by the signal')
    const ended: Record<End, number> = { commits: 0, throws: 0, 'is cancelled': 0 }
    let eventCount = 0
    let wrongCount = 0
    const tracker = createTracker({ observers: [{ transactionEnded: () => void eventCount++ }] })

    const work = tracker.withTransactionTracking(
      async (transaction: Session, id: number, end: End) => {
        await transaction.query('insert into written values ($1)', [id])
        if (end === 'throws') throw thrown
        if (end === 'commits') return
        const controller = new AbortController()
        const { signal } = controller
        const isSentFirst = id % 20 < 10
        if (!isSentFirst) controller.abort(reason)
        // Short enough that it doesn't matter where the request to cancel overtakes it.
        const sleeping = transaction.query('select pg_sleep(0.02)', [], { signal })
        controller.abort(reason)
        await sleeping
      },
      { operation: 'leaks' },
    )
    const runAll = async (from: number, until: number) => {
      let next = from
      const worker = async () => {
        while (next < until) {
          const id = next++
          const end = ends[id % ends.length] as End
          const expected = { commits: undefined, throws: thrown, 'is cancelled': reason }[end]
          const error = await work(opened.session, id, end).then(
            () => undefined,
            (caught: unknown) => caught,
          )
          if (error !== expected) wrongCount += 1
          ended[end] += 1
        }
      }
      await Promise.all(Array.from({ length: workerCount }, worker))
    }

    await runAll(0, warmUpCount)
    const resourcesBefore = countResources()
    const bytesBefore = await heapBytesInUse()
    const startedAt = performance.now()
    await runAll(warmUpCount, warmUpCount + count)
    const seconds = (performance.now() - startedAt) / 1000
    const grownBytes = (await heapBytesInUse()) - bytesBefore
    // A socket that carried a request to cancel closes when the server has read it.
    const resourcesAfter = await pollUntil(
      'sockets are closed',
      async () => (countResources() === resourcesBefore ? resourcesBefore : undefined),
      2000,
    ).catch(countResources)
    const idleInTransaction = await server.backends(`state like 'idle in transaction%'`)
    const [rows] = await server.look<{ count: number }>('select count(*)::int as count from written')
    const left = opened.leaks()
    const connections = await server.backends('true')
    await opened.close()
    const all = warmUpCount + count
    return [
      exactly('transactions', ended.commits + ended.throws + ended['is cancelled'], all),
      exactly('events', eventCount, all),
      exactly('ended otherwise than told', wrongCount, 0),
      exactly('rows', rows?.count ?? 0, ended.commits),
      none('listeners, clients and callers that are left', left),
      exactly('open resources of the process', resourcesAfter, resourcesBefore),
      exactly('backends idle in a transaction', idleInTransaction.length, 0),
      atMost('connections', connections.length, poolSize),
      atMost('growth of the heap (bytes)', grownBytes, 5_000_000),
      fact('cancelled', ended['is cancelled']),
      fact('transactions per second', Math.round(count / seconds)),
    ]
  },
}
