import { expectTypeOf } from 'vitest'
import { createTracker, type QueryTrackingOptions, type Session, type Tracked, withQueryTracking } from '../index.ts'

interface User {
  readonly id: number
}
declare const session: Session
const options = { operation: 'find_user', table: 'users', service: 'accounts' }

// A function's own type comes back.

const declared = async (session: Session, id: number): Promise<User | undefined> =>
  (await session.query<User>('select', [id])).rows[0]
expectTypeOf(withQueryTracking(declared, options)).toEqualTypeOf<typeof declared>()

const generic = async <Row extends User>(session: Session, text: string, map: (row: User) => Row): Promise<Row[]> =>
  (await session.query<User>(text)).rows.map(map)
const trackedGeneric = withQueryTracking(generic, options)
expectTypeOf(trackedGeneric).toEqualTypeOf<typeof generic>()
expectTypeOf(trackedGeneric(session, '', (row) => ({ ...row, name: 'x' }))).toEqualTypeOf<
  Promise<{ name: string; id: number }[]>
>()

const inlineGeneric = withQueryTracking(
  async <Row>(session: Session, text: string) => (await session.query<Row>(text)).rows,
  options,
)
expectTypeOf(inlineGeneric<User>(session, '')).toEqualTypeOf<Promise<User[]>>()

declare function overloaded(session: Session, id: number): Promise<User>
declare function overloaded(session: Session, email: string): Promise<User | undefined>
const trackedOverloads = withQueryTracking(overloaded, options)
expectTypeOf(trackedOverloads).toEqualTypeOf<typeof overloaded>()
expectTypeOf(trackedOverloads(session, 1)).toEqualTypeOf<Promise<User>>()
expectTypeOf(trackedOverloads(session, '')).toEqualTypeOf<Promise<User | undefined>>()

declare function withThis(this: { readonly table: string }, session: Session, id: number): Promise<User>
expectTypeOf(withQueryTracking(withThis, options)).toEqualTypeOf<typeof withThis>()
// @ts-expect-error: `this` must have a table
withQueryTracking(withThis, options)(session, 1)

const optional = async (_session: Session, limit = 10, offset?: number, ...ids: string[]) => [limit, offset, ids]
const trackedOptional = withQueryTracking(optional, options)
expectTypeOf(trackedOptional).toEqualTypeOf<typeof optional>()
expectTypeOf(trackedOptional).parameters.toEqualTypeOf<Parameters<typeof optional>>()

const withOwnProperty = Object.assign(declared, { cacheKey: 'user' })
expectTypeOf(withQueryTracking(withOwnProperty, options).cacheKey).toBeString()

// The first parameter needs no type, every other does.

const unannotated = withQueryTracking(async (session, limit = 10, name?: string) => {
  expectTypeOf(session).toEqualTypeOf<Session>()
  expectTypeOf(limit).toBeNumber()
  return name
}, options)
expectTypeOf(unannotated).toEqualTypeOf<
  (session: Session, limit?: number, name?: string) => Promise<string | undefined>
>()

withQueryTracking(async (_session, id) => {
  expectTypeOf(id).toBeNever()
  // @ts-expect-error: no type, so no use
  return id.toFixed()
}, options)
// @ts-expect-error: no such method of a Session
withQueryTracking(async (session) => session.qeury('select 1'), options)

// Where the Session comes from elsewhere.

declare class PoolLike {
  query(text: string): Promise<{ rows: unknown[] }>
  on(event: 'error', listener: (error: Error) => void): this
}
const ofPool = async (pool: PoolLike, id: number) => (await pool.query(String(id))).rows
expectTypeOf(withQueryTracking(ofPool, options)).toEqualTypeOf<typeof ofPool>()
const ofNumber = async (id: number) => id
expectTypeOf(withQueryTracking(ofNumber, options)).toEqualTypeOf<typeof ofNumber>()
const ofNothing = async () => 1
expectTypeOf(withQueryTracking(ofNothing, options)).toEqualTypeOf<typeof ofNothing>()

export class Repository<Row> {
  readonly first = withQueryTracking(
    async (session: Session, text: string): Promise<Row | undefined> => (await session.query<Row>(text)).rows[0],
    options,
  )
  readonly one = withQueryTracking((session: Session, id: number): Promise<Row> => this.load(session, id), options)

  private async load(session: Session, id: number): Promise<Row> {
    const row = await this.first(session, `select ${id}`)
    // Assignable, whatever Row will be.
    const same: Row | undefined = row
    return same ?? this.one(session, id)
  }
}
expectTypeOf(new Repository<User>().one).toEqualTypeOf<(session: Session, id: number) => Promise<User>>()

// Wrappers of one's own.

const accounts = <F extends (session: Session, ...rest: never[]) => Promise<unknown>>(operation: string, fn: F) =>
  withQueryTracking(fn, { operation, service: 'accounts' })
expectTypeOf(accounts('find_user', declared)).toEqualTypeOf<typeof declared>()
expectTypeOf(accounts('find_user', async (session, id: number) => [session, id] as const)).toEqualTypeOf<
  (session: Session, id: number) => Promise<readonly [Session, number]>
>()
const byParts = <Rest extends unknown[], Result>(
  operation: string,
  fn: (session: Session, ...rest: Rest) => Promise<Result>,
) => withQueryTracking(fn, { operation })
expectTypeOf(byParts('find_user', declared)).toEqualTypeOf<typeof declared>()

// A lazy query comes back as a plain promise.

declare class PendingQuery<Row> extends Promise<Row[]> {
  cursor(): AsyncIterable<Row[]>
  simple(): this
}
declare const lazy: (session: Session, id: number, active?: boolean) => PendingQuery<User>
const trackedLazy = withQueryTracking(lazy, options)
expectTypeOf(trackedLazy(session, 1)).toEqualTypeOf<Promise<User[]>>()
expectTypeOf(trackedLazy).parameters.toEqualTypeOf<Parameters<typeof lazy>>()
expectTypeOf<Tracked<typeof lazy>>().toEqualTypeOf(trackedLazy)
// @ts-expect-error: too late for a cursor
trackedLazy(session, 1).cursor()

// What is no promise is refused.

// @ts-expect-error: a number
withQueryTracking((_session: Session) => 3, options)
// @ts-expect-error: a promise only sometimes
withQueryTracking((session: Session, cached: boolean) => (cached ? 1 : session.query('select 1')), options)
// @ts-expect-error: nothing
withQueryTracking((_session: Session) => {}, options)
// @ts-expect-error: a stream, which withStreamTracking takes
withQueryTracking(async function* (session: Session) {
  yield session
}, options)
// @ts-expect-error: no function
withQueryTracking(Promise.resolve(1), options)

// Options.

// @ts-expect-error: no options
withQueryTracking(declared)
// @ts-expect-error: no operation
withQueryTracking(declared, {})
// @ts-expect-error: no such option
withQueryTracking(declared, { operation: 'x', tabel: 'users' })
// @ts-expect-error: no such option of a query
withQueryTracking(declared, { operation: 'x', isolationLevel: 'serializable' })
// @ts-expect-error: no such kind
withQueryTracking(declared, { operation: 'x', expectedErrors: ['unique'] })
// @ts-expect-error: no number
withQueryTracking(declared, { operation: 'x', slowThresholdMs: '10' })
withQueryTracking(declared, { operation: 'x', expectedErrors: ['unique_violation', (error) => error instanceof Error] })

const settings: { table?: string; slowThresholdMs?: number } = {}
withQueryTracking(declared, {
  operation: 'x',
  table: settings.table,
  slowThresholdMs: settings.slowThresholdMs,
  service: undefined,
  expectedErrors: undefined,
  tracker: undefined,
  rowCount: undefined,
})

withQueryTracking(async (session) => (await session.query<User>('select')).rows, {
  operation: 'x',
  rowCount(rows) {
    expectTypeOf(rows).toEqualTypeOf<User[]>()
    return rows.length
  },
})
// @ts-expect-error: the result is no string
withQueryTracking(declared, { operation: 'x', rowCount: (result: string) => result.length })
const forAnyResult: QueryTrackingOptions = { operation: 'x', rowCount: (result) => result.length }
withQueryTracking(declared, forAnyResult)

expectTypeOf(createTracker().withQueryTracking).toEqualTypeOf(withQueryTracking)
