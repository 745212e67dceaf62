import type { Observer, Session } from '@pgtally/core'
import { awaitCalls } from './await-calls.ts'
import { type AnyFunction, floorWrapper } from './floor-wrapper.ts'
import { feedShapes } from './function-shapes.ts'
import { createInstantDriver } from './instant-driver.ts'
import type { MeasuredCore } from './measured-core.ts'
import type { Row } from './paired-rounds.ts'

export interface CallRow extends Row {
  /** The row that its ratio, its nanoseconds and its bytes are compared with. */
  readonly against: string
}

export const noiseRow = 'floor, again'

const options = { operation: 'find_user', table: 'users', service: 'accounts' }
const values = [1]
const seen = { durationMs: 0 }
const everyCall = (): Observer => ({
  queryEnded(event) {
    seen.durationMs += event.durationMs
  },
})
const slowOrFailed = (): Observer => ({ ...everyCall(), only: 'slow-or-failed' })

const withoutStatement = async (_first: unknown, id: number) => id
const withStatement = async (session: Session, id: number) => {
  await session.query('select * from users where id = $1', values)
  return id
}

type Wrap = (fn: AnyFunction) => AnyFunction

/** Rows of single calls. The function returns at once: the hardest case there is, since nothing hides the wrapper. */
export const createCallRows = async (core: MeasuredCore): Promise<readonly CallRow[]> => {
  const session = core.createSession(createInstantDriver({ poolWait: false }))
  const pooledSession = core.createSession(createInstantDriver({ poolWait: true }))
  const tracked = (observers: readonly Observer[], enabled = true): Wrap => {
    const tracker = core.createTracker({ observers, enabled })
    return (fn) => tracker.withQueryTracking(fn as never, options) as never
  }
  const plain = tracked([])
  const tracker = core.createTracker()
  const wrappedAnew = (first: unknown, id: number) =>
    tracker.withQueryTracking(async (_first: unknown, own: number) => own, {
      operation: 'find_user',
      table: 'users',
      service: 'accounts',
    })(first, id)

  const rows: CallRow[] = []
  const add = async (name: string, against: string, wrap: Wrap, fn: AnyFunction, first: unknown) => {
    await feedShapes(wrap, first)
    const call = wrap(fn)
    rows.push({ name, against, run: (calls) => awaitCalls(call, first, calls) })
  }
  const bare: Wrap = (fn) => fn
  const pool = { totalCount: 0, query: withoutStatement }

  await add('bare', 'bare', bare, withoutStatement, 1)
  await add('floor', 'floor', floorWrapper, withoutStatement, 1)
  await add(noiseRow, 'floor', floorWrapper, withoutStatement, 1)
  await add('tracked, no observer', 'floor', plain, withoutStatement, 1)
  await add('tracked, first argument an object', 'floor', plain, withoutStatement, pool)
  await add('tracked, observer of slow or failed', 'floor', tracked([slowOrFailed()]), withoutStatement, 1)
  await add('tracked, observer of every call', 'floor', tracked([everyCall()]), withoutStatement, 1)
  await add('tracked, two observers', 'floor', tracked([everyCall(), everyCall()]), withoutStatement, 1)
  await add('tracked, Session bound', 'floor', plain, withoutStatement, session)
  await add('tracked, Session bound, wait seen', 'floor', plain, withoutStatement, pooledSession)
  await add('floor, 1 statement', 'floor, 1 statement', floorWrapper, withStatement, session)
  await add('tracked, bound, 1 statement', 'floor, 1 statement', plain, withStatement, session)
  await add('tracked, wait seen, 1 statement', 'floor, 1 statement', plain, withStatement, pooledSession)
  await add('switched off', 'bare', tracked([], false), withoutStatement, 1)
  await add('wrapped anew on every call', 'tracked, no observer', bare, wrappedAnew, 1)
  return rows
}
