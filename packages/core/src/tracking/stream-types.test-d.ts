import type { Readable } from 'node:stream'
import { expectTypeOf } from 'vitest'
import { createTracker, type Session, type TrackedStream, withStreamTracking } from '../index.ts'

interface Order {
  readonly id: number
}
declare const session: Session
const options = { operation: 'orders', table: 'orders' }

async function* generator(session: Session, after = 0): AsyncGenerator<Order, number, string | undefined> {
  yield* session.stream<Order>('select', [after])
  return 3
}
expectTypeOf(withStreamTracking(generator, options)).toEqualTypeOf<typeof generator>()

const iterable = (session: Session, ids: readonly number[]): AsyncIterable<Order> => session.stream('select', [ids])
expectTypeOf(withStreamTracking(iterable, options)).toEqualTypeOf<typeof iterable>()

const generic = <Row extends object>(session: Session, text: string) => session.stream<Row>(text)
const trackedGeneric = withStreamTracking(generic, options)
expectTypeOf(trackedGeneric).toEqualTypeOf<typeof generic>()
expectTypeOf(trackedGeneric<Order>(session, '')).toEqualTypeOf<AsyncIterable<Order>>()

const unannotated = withStreamTracking(async function* (session, limit = 10) {
  expectTypeOf(session).toEqualTypeOf<Session>()
  yield* session.stream<Order>('select', [limit])
}, options)
expectTypeOf(unannotated).toEqualTypeOf<(session: Session, limit?: number) => AsyncGenerator<Order, void, any>>()
withStreamTracking((_session, id) => {
  expectTypeOf(id).toBeNever()
  return session.stream('select')
}, options)

declare const ofPool: (pool: { query(text: string): unknown }) => AsyncIterable<Order>
expectTypeOf(withStreamTracking(ofPool, options)).toEqualTypeOf<typeof ofPool>()

const byParts = <Rest extends unknown[], Row>(fn: (session: Session, ...rest: Rest) => AsyncIterable<Row>) =>
  withStreamTracking(fn, options)
expectTypeOf(byParts(iterable)).toEqualTypeOf<typeof iterable>()

// A stream class comes back as an iterable.

declare const readable: (session: Session, id: number) => Readable
const trackedReadable = withStreamTracking(readable, options)
expectTypeOf(trackedReadable).toEqualTypeOf<TrackedStream<typeof readable>>()
expectTypeOf(trackedReadable(session, 1)).toEqualTypeOf<AsyncIterable<any>>()
// @ts-expect-error: no longer a Readable
trackedReadable(session, 1).pipe(process.stdout)

// What is no stream is refused.

// @ts-expect-error: a promise
withStreamTracking(async (session: Session) => session.query('select'), options)
// @ts-expect-error: a promise of a stream
withStreamTracking(async (session: Session) => session.stream('select'), options)
// @ts-expect-error: an array
withStreamTracking((session: Session) => [session], options)
// @ts-expect-error: a generator that is not async
withStreamTracking(function* (session: Session) {
  yield session
}, options)
// @ts-expect-error: no operation
withStreamTracking(iterable, { table: 'orders' })
// @ts-expect-error: no such option
withStreamTracking(iterable, { operation: 'x', batchSize: 10 })

withStreamTracking(session.stream<Order[]>, {
  operation: 'x',
  table: undefined,
  rowCount: (batch) => (batch === undefined ? 0 : 1),
})
withStreamTracking((session) => session.stream<Order[]>('select'), {
  operation: 'x',
  rowCount(batch) {
    expectTypeOf(batch).toEqualTypeOf<Order[]>()
    return batch.length
  },
})

expectTypeOf(createTracker().withStreamTracking).toEqualTypeOf(withStreamTracking)
