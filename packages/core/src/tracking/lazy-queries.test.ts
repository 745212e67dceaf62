import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'

/** As the queries of postgres.js: a promise subclass that is sent by the first then, catch, finally or await. */
class LazyQuery<Row> extends Promise<Row[]> {
  static override get [Symbol.species]() {
    return Promise
  }
  starts = 0
  thens = 0
  #settle: { resolve(rows: Row[]): void; reject(error: unknown): void } | undefined
  readonly #answer: { rows?: Row[]; error?: unknown }

  constructor(answer: { rows?: Row[]; error?: unknown }) {
    let settle: { resolve(rows: Row[]): void; reject(error: unknown): void } | undefined
    super((resolve, reject) => {
      settle = { resolve, reject }
    })
    this.#settle = settle
    this.#answer = answer
  }

  start(): void {
    this.starts++
    if ('error' in this.#answer) this.#settle?.reject(this.#answer.error)
    else this.#settle?.resolve(this.#answer.rows ?? [])
  }

  // biome-ignore lint/suspicious/noThenProperty: it is what makes it lazy
  override then<Ok = Row[], Bad = never>(
    ok?: ((rows: Row[]) => Ok | PromiseLike<Ok>) | null,
    bad?: ((error: unknown) => Bad | PromiseLike<Bad>) | null,
  ): Promise<Ok | Bad> {
    this.thens++
    this.start()
    return super.then(ok, bad)
  }
}

const modes = [
  ['on', true],
  ['off', false],
] as const

describe.each(modes)('law 1: a lazy query under a tracker that is %s', (_mode, enabled) => {
  const setUp = () => {
    const observer = createRecordingObserver()
    const tracker = createTracker({ enabled, observers: [observer] })
    return { observer, tracker }
  }

  it('is started once, inside the call, and comes back as a plain promise', async () => {
    const { tracker } = setUp()
    const query = new LazyQuery<number>({ rows: [1, 2] })
    const result = tracker.withQueryTracking(() => query, { operation: 'lazy' })()
    expect(query.starts).toBe(1)
    expect(result).toBeInstanceOf(Promise)
    expect(result.constructor).toBe(Promise)
    await result.then((rows) => rows)
    await result.finally(() => {})
    expect(await result).toEqual([1, 2])
    expect(query).toMatchObject({ starts: 1, thens: 1 })
  })

  it('gives its very rows and its very error', async () => {
    const { tracker } = setUp()
    const rows = [{ id: 1 }]
    const error = new Error('refused')
    const good = tracker.withQueryTracking(() => new LazyQuery({ rows }), { operation: 'lazy' })
    const bad = tracker.withQueryTracking(() => new LazyQuery({ error }), { operation: 'lazy' })
    expect(await good()).toBe(rows)
    await expect(bad()).rejects.toBe(error)
  })

  it('is counted once, whatever the caller does with the promise', async () => {
    const { tracker, observer } = setUp()
    const fn = tracker.withQueryTracking(() => new LazyQuery({ rows: [1] }), { operation: 'lazy' })
    const result = fn()
    await Promise.all([result.then(), result.catch(() => {}), result.finally(() => {})])
    expect(observer.queries).toHaveLength(enabled ? 1 : 0)
    expect(tracker.snapshot()[0]).toMatchObject({ calls: enabled ? 1 : 0, active: 0 })
  })

  it('as the work of a transaction is started once too', async () => {
    const { tracker } = setUp()
    const query = new LazyQuery({ rows: [1] })
    const database = {
      transaction: async <Result>(work: (transaction: { tag: string }) => Promise<Result>): Promise<Result> =>
        work({ tag: 'tx' }),
    }
    const fn = tracker.withTransactionTracking((_transaction: { tag: string }) => query as Promise<number[]>, {
      operation: 'lazy',
    })
    expect(await fn(database)).toEqual([1])
    expect(query.starts).toBe(1)
  })

  it('returned by transact is started once and comes back plain', async () => {
    const { tracker } = setUp()
    const query = new LazyQuery({ rows: [1] })
    const fn = tracker.withTransactionTracking(async (_transaction: object) => 1, {
      operation: 'lazy',
      transact: (_database: object, _work) => query,
    })
    const result = fn({})
    expect(result.constructor).toBe(Promise)
    await result
    expect(query.starts).toBe(1)
  })
})
