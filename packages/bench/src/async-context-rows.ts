import { awaitCalls } from './await-calls.ts'
import type { CallRow } from './call-rows.ts'
import { floorWrapper } from './floor-wrapper.ts'
import { feedShapes } from './function-shapes.ts'
import { createInstantDriver } from './instant-driver.ts'
import type { MeasuredCore } from './measured-core.ts'

const find = async (_first: unknown, id: number) => id

/** Rows of a process in which a tracker has `asyncContext` on: all its promises pay, the bare row too. */
export const createAsyncContextRows = async (core: MeasuredCore): Promise<readonly CallRow[]> => {
  const session = core.createSession(createInstantDriver({ poolWait: false }))
  const tracker = core.createTracker({ asyncContext: true })
  const wrap = (fn: typeof find) => tracker.withQueryTracking(fn, { operation: 'find_user' })
  await feedShapes(floorWrapper, 1)
  await feedShapes((fn) => wrap(fn as never) as never, 1)
  const tracked = wrap(find)
  const row = (name: string, against: string, call: typeof find, first: unknown): CallRow => ({
    name,
    against,
    run: (calls) => awaitCalls(call, first, calls),
  })
  return [
    row('async context: bare', 'async context: bare', find, 1),
    row('async context: floor', 'async context: floor', floorWrapper(find), 1),
    row('async context: tracked', 'async context: floor', tracked, 1),
    row('async context: tracked, Session bound', 'async context: floor', tracked, session),
  ]
}
