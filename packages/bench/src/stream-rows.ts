import type { CallRow } from './call-rows.ts'
import { feedShapes } from './function-shapes.ts'
import type { MeasuredCore } from './measured-core.ts'

const rowsPerStream = 100

async function* readUsers() {
  for (let id = 0; id < rowsPerStream; id++) yield id
}

const readAll = async (stream: () => AsyncIterable<unknown>, rows: number): Promise<void> => {
  for (let streams = 0; streams < rows / rowsPerStream; streams++) {
    for await (const _row of stream());
  }
}

/** Rows whose unit is one row of a stream of a hundred. */
export const createStreamRows = async (core: MeasuredCore): Promise<readonly CallRow[]> => {
  const tracker = core.createTracker()
  await feedShapes((fn) => tracker.withQueryTracking(fn as never, { operation: 'shape' }) as never, 1, 200)
  const tracked = tracker.withStreamTracking(readUsers, { operation: 'read_users', table: 'users' })
  const row = (name: string, stream: () => AsyncIterable<unknown>): CallRow => ({
    name,
    against: 'stream, bare, per row',
    run: (rows) => readAll(stream, rows),
  })
  return [row('stream, bare, per row', readUsers), row('stream, tracked, per row', tracked)]
}
