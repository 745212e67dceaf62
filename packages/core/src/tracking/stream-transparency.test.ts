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

const readAll = async <Row>(rows: AsyncIterable<Row>): Promise<Row[]> => {
  const all: Row[] = []
  for await (const row of rows) all.push(row)
  return all
}

describe('law 1: a tracked stream', () => {
  it('is the generator it was: next, return, throw, its values both ways, its own iterator', async () => {
    const { wrap } = setUp()
    const got: unknown[] = []
    const fn = wrap(async function* (): AsyncGenerator<string, string, unknown> {
      try {
        got.push(yield 'first')
        got.push(yield 'second')
        return 'end'
      } catch (error) {
        got.push(error)
        yield 'rescued'
        return 'end'
      } finally {
        got.push('closed')
      }
    })
    const rows = fn()
    expect(rows[Symbol.asyncIterator]()).toBe(rows)
    expect(await rows.next()).toEqual({ value: 'first', done: false })
    expect(await rows.next('answer')).toEqual({ value: 'second', done: false })
    expect(await rows.throw('into')).toEqual({ value: 'rescued', done: false })
    expect(await rows.next()).toEqual({ value: 'end', done: true })
    expect(got).toEqual(['answer', 'into', 'closed'])
    const other = fn()
    await other.next()
    expect(await other.return('early')).toEqual({ value: 'early', done: true })
  })

  it('passes its very rows, this and the arguments', async () => {
    const { wrap } = setUp()
    const row = { id: 1 }
    const fn = wrap(async function* (this: unknown, ..._args: unknown[]) {
      yield row
      yield [this, arguments.length]
    })
    const self = { fn }
    const all = await readAll(self.fn(undefined, 2))
    expect(all[0]).toBe(row)
    expect(all[1]).toEqual([self, 2])
  })

  it('reads no faster than it is consumed', async () => {
    const { wrap } = setUp()
    let made = 0
    const fn = wrap(async function* () {
      for (;;) yield ++made
    })
    const rows = fn()
    expect(made).toBe(0)
    await rows.next()
    await new Promise(setImmediate)
    expect(made).toBe(1)
    await rows.next()
    expect(made).toBe(2)
    await rows.return(undefined as never)
  })

  it('that can be read again is reported for its first reading, and can still be read', async () => {
    const { wrap, observer } = setUp()
    let opened = 0
    const fn = wrap(() => ({
      [Symbol.asyncIterator]() {
        opened++
        return numbers(2)
      },
    }))
    const rows = fn()
    expect(opened).toBe(0)
    expect(await readAll(rows)).toEqual([1, 2])
    expect(await readAll(rows)).toEqual([1, 2])
    expect({ opened, events: observer.queries.length }).toEqual({ opened: 2, events: 1 })
  })

  it('of an iterator without return and throw ends when the consumer leaves', async () => {
    const { wrap, observer } = setUp()
    let n = 0
    const iterator = {
      next: async () => ({ done: false, value: ++n }),
      [Symbol.asyncIterator]: () => iterator,
    }
    for await (const row of wrap(() => iterator as AsyncIterable<number>)()) if (row === 3) break
    expect(observer.queries).toMatchObject([{ outcome: 'success' }])
  })

  it.each([[true], [false]])(
    'of a cursor whose own next gives bare rows is read through its iterator (tracker on: %s)',
    async (on) => {
      const { wrap, observer } = setUp(on)
      const cursor = { next: async () => 'a bare row', [Symbol.asyncIterator]: () => numbers(3) }
      const rows = wrap(() => cursor)()
      expect(await readAll(rows)).toEqual([1, 2, 3])
      expect(await readAll(rows)).toEqual([1, 2, 3])
      expect(observer.queries).toHaveLength(on ? 1 : 0)
    },
  )

  it.each([[undefined], [null], [7], [{}], [Promise.resolve(numbers(2))]])(
    'of a function that returned none comes back as it is: %s',
    (result) => {
      const { wrap, tracker } = setUp()
      expect(wrap((() => result) as never as typeof numbers)(1)).toBe(result)
      expect(tracker.snapshot()[0]).toMatchObject({ active: 0 })
    },
  )

  it('is left as it is while the tracker is off', () => {
    const { wrap } = setUp(false)
    const rows = numbers(1)
    expect(wrap((() => rows) as typeof numbers)(1)).toBe(rows)
  })

  it('has its rows counted by the option rowCount, value by value', async () => {
    const { tracker, observer } = setUp()
    const fn = tracker.withStreamTracking(
      async function* () {
        yield [1, 2]
        yield [3]
      },
      { operation: 'pages', rowCount: (page) => page.length },
    )
    await readAll(fn())
    expect(observer.queries).toMatchObject([{ rowCount: 3 }])
  })
})
