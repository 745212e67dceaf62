import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'

const setUp = (enabled = true) => {
  const clock = createManualClock({ epochMs: 1_000_000 })
  const observer = createRecordingObserver()
  const tracker = createTracker({ clock, enabled, observers: [observer] })
  const wrap = <Fn extends (...args: any[]) => AsyncIterable<unknown>>(fn: Fn): Fn =>
    tracker.withStreamTracking(fn as () => AsyncIterable<unknown>, { operation: 'rows' }) as unknown as Fn
  return { clock, observer, tracker, wrap }
}

const numbers = async function* (count: number) {
  for (let n = 1; n <= count; n++) yield n
}

describe('law 3: a tracked stream is one event', () => {
  it('at its last row, not before', async () => {
    const { wrap, observer, tracker } = setUp()
    const rows = wrap(numbers)(2)
    expect(tracker.snapshot()[0]).toMatchObject({ active: 0 })
    await rows.next()
    await rows.next()
    expect(observer.queries).toEqual([])
    expect(tracker.snapshot()[0]).toMatchObject({ active: 1 })
    expect(await rows.next()).toEqual({ done: true, value: undefined })
    expect(observer.queries).toMatchObject([{ operation: 'rows', outcome: 'success' }])
    expect(observer.queries[0]).not.toHaveProperty('rowCount')
    expect(observer.queries[0]).not.toHaveProperty('statementCount')
    await rows.next()
    await rows.return(undefined)
    expect(observer.queries).toHaveLength(1)
    expect(tracker.snapshot()[0]).toMatchObject({ active: 0, calls: 1 })
  })

  it('at an early return, after the function has cleaned up', async () => {
    const { wrap, observer } = setUp()
    const order: string[] = []
    const fn = wrap(async function* () {
      try {
        yield* numbers(9)
      } finally {
        order.push(`closed, ${observer.queries.length} events`)
      }
    })
    for await (const row of fn()) if (row === 2) break
    expect(order).toEqual(['closed, 0 events'])
    expect(observer.queries).toMatchObject([{ outcome: 'success' }])
  })

  it('at an error mid-way, the very error', async () => {
    const { wrap, observer } = setUp()
    const error = Object.freeze({ code: '40P01' })
    const fn = wrap(async function* () {
      yield 1
      throw error
    })
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const row of fn()) seen.push(row)
    })()
    await expect(reading).rejects.toBe(error)
    expect(seen).toEqual([1])
    expect(observer.queries).toMatchObject([{ outcome: 'error', errorKind: 'deadlock', sqlState: '40P01' }])
    expect(observer.queries[0]?.error).toBe(error)
  })

  it('when the function throws at once, synchronously', () => {
    const { wrap, observer, tracker } = setUp()
    const error = new Error('at once')
    const fn = wrap((): AsyncIterable<unknown> => {
      throw error
    })
    expect(() => fn()).toThrow(error)
    expect(observer.queries).toMatchObject([{ outcome: 'error', durationMs: 0 }])
    expect(tracker.snapshot()[0]).toMatchObject({ active: 0, calls: 1 })
  })

  it('when the consumer throws into it', async () => {
    const { wrap, observer } = setUp()
    const error = new Error('of the consumer')
    const rows = wrap(numbers)(3)
    await rows.next()
    await expect(rows.throw(error)).rejects.toBe(error)
    expect(observer.queries).toMatchObject([{ outcome: 'error' }])
    expect(await rows.next()).toEqual({ done: true, value: undefined })
  })

  it('and none while nobody reads it, or when it is left before its first row', async () => {
    const { wrap, observer, tracker } = setUp()
    wrap(numbers)(1)
    expect(await wrap(numbers)(1).return('left' as never)).toEqual({ done: true, value: 'left' })
    await expect(wrap(numbers)(1).throw('thrown')).rejects.toBe('thrown')
    expect(observer.queries).toEqual([])
    expect(tracker.snapshot()[0]).toMatchObject({ active: 0, calls: 0 })
  })

  it('law 6: that lasts as long as the time inside next, not the consumer', async () => {
    const { wrap, observer, clock } = setUp()
    const fn = wrap(async function* () {
      for (const ms of [5, 7, 11]) {
        clock.advance(ms)
        yield ms
      }
      clock.advance(13)
    })
    for await (const _row of fn()) clock.advance(1000)
    expect(observer.queries[0]).toMatchObject({ durationMs: 36, startedAt: 1_003_000 })
  })

  it('that counts overlapping calls of next as one span of time', async () => {
    const { wrap, observer, clock } = setUp()
    const fn = wrap(async function* () {
      for (const ms of [5, 7]) {
        await null
        clock.advance(ms)
        yield ms
      }
    })
    const rows = fn()
    const all = await Promise.all([rows.next(), rows.next(), rows.next(), rows.next()])
    expect(all.map(({ value, done }) => [value, done])).toEqual([
      [5, false],
      [7, false],
      [undefined, true],
      [undefined, true],
    ])
    expect(observer.queries).toMatchObject([{ durationMs: 12 }])
  })
})
