import { afterEach, describe, expect, it, vi } from 'vitest'
import * as firstAdapter from './adapter.ts'
import * as first from './index.ts'
import * as firstTesting from './testing.ts'

/** Another copy of core in the same process, as the CommonJS build or another version would be. */
const loadCopy = async () => {
  vi.resetModules()
  const copy = await import('./index.ts')
  const adapter = await import('./adapter.ts')
  const testing = await import('./testing.ts')
  expect(copy.tracking).not.toBe(first.tracking)
  return { ...copy, ...adapter, ...testing }
}

afterEach(firstTesting.resetTracking)

describe('two copies of core in one process', () => {
  it('share the default tracker: configuration, observers, counts', async () => {
    const second = await loadCopy()
    const observer = second.createRecordingObserver()
    second.configureTracking({ service: 'api' })
    first.tracking.observe(observer)
    await first.withQueryTracking(async () => 1, { operation: 'by_first' })()
    await second.withQueryTracking(async () => 1, { operation: 'by_second' })()
    expect(observer.queries.map(({ operation, service }) => [operation, service])).toEqual([
      ['by_first', 'api'],
      ['by_second', 'api'],
    ])
    expect(second.tracking.snapshot()).toEqual(first.tracking.snapshot())
    second.resetTracking()
    expect(first.tracking.snapshot().map(({ calls }) => calls)).toEqual([0, 0])
  })

  it("each recognises the other's Sessions, in queries, streams and transactions", async () => {
    const second = await loadCopy()
    const pairs = [
      [first, second],
      [second, first],
      [second, await loadCopy()],
    ] as const
    for (const [tracker, maker] of pairs) {
      const { session, when } = (maker === first ? firstTesting : (maker as typeof second)).createRecordingSession()
      when('select', { rows: [1] })
      const observer = firstTesting.createRecordingObserver()
      const stop = tracker.tracking.observe(observer)
      const query = tracker.withQueryTracking((given: first.Session) => given.query('select'), { operation: 'q' })
      const transfer = tracker.withTransactionTracking((given: first.Session) => query(given), {
        operation: 't',
        isolationLevel: 'serializable',
      })
      const stream = tracker.withStreamTracking((given: first.Session) => given.stream('select'), { operation: 's' })
      await transfer(session)
      for await (const _row of stream(session));
      stop()
      expect(observer.queries.map(({ statementCount, rowCount }) => [statementCount, rowCount])).toEqual([
        [1, 1],
        [1, 1],
      ])
      expect(observer.transactions).toMatchObject([{ outcome: 'committed', statementCount: 1 }])
      expect(observer.queries[0]?.transaction?.id).toBe(observer.transactions[0]?.id)
      expect(tracker.sessionIdentity(session)).toBe(maker.sessionIdentity(session))
    }
  })

  it('take a tracker of the other copy, and one of their own', async () => {
    const second = await loadCopy()
    const tracker = second.createTracker({ service: 'library' })
    const { session } = firstTesting.createRecordingSession()
    const fn = first.withQueryTracking((given: first.Session) => given.query('select'), { operation: 'op', tracker })
    await fn(session)
    await first.withQueryTracking(async () => 1, { operation: 'default', tracker: second.tracking })()
    expect(tracker.snapshot()).toMatchObject([{ operation: 'op', service: 'library', calls: 1 }])
    expect(first.tracking.snapshot().find(({ operation }) => operation === 'default')?.calls).toBe(1)
  })

  it('agree on aborted statements, pools and discarded connections', async () => {
    const second = await loadCopy()
    const reason = { of: 'the caller' }
    const { session } = second.createRecordingSession()
    await expect(session.query('select', [], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(first.classifyError(reason).kind).toBe('aborted')
    const pool = { pool: {}, name: 'shared', read: () => ({ used: 1, idle: 0, pending: 0, limit: 1 }) }
    second.registerPool(pool)
    firstAdapter.registerPool(pool)
    expect(firstAdapter.readPools().map(({ poolName }) => poolName)).toEqual(['shared'])
    firstAdapter.discardConnection(session)
  })

  it('are told apart by one property of the process that nobody can replace', () => {
    const key = Symbol.for('pgtally.tracker.1')
    expect(Object.getOwnPropertyDescriptor(globalThis, key)).toMatchObject({
      writable: false,
      configurable: false,
      enumerable: false,
    })
  })
})
