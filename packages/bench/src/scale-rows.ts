import type { CallRow } from './call-rows.ts'
import { floorWrapper } from './floor-wrapper.ts'
import { feedShapes } from './function-shapes.ts'
import type { MeasuredCore } from './measured-core.ts'

export const functionCounts = [1, 100, 10_000]
const inFlightCounts = [1, 64, 1_024]

type Find = (first: unknown, id: number) => Promise<number>

const inTurn = async (functions: readonly Find[], calls: number): Promise<void> => {
  for (let id = 0; id < calls; id++) await functions[id % functions.length]?.(1, id)
}

const inFlight = async (call: Find, count: number, calls: number): Promise<void> => {
  const started: Promise<unknown>[] = new Array(count)
  for (let done = 0; done < calls; done += count) {
    for (let index = 0; index < count; index++) started[index] = call(1, index)
    for (let index = 0; index < count; index++) await started[index]
  }
}

/** Rows whose cost should not grow: with the number of wrapped functions, and with that of calls under way. */
export const createScaleRows = async (core: MeasuredCore): Promise<readonly CallRow[]> => {
  const tracker = core.createTracker({ seriesLimit: 20_000 })
  const wrapAs = (operation: string, fn: Find) => tracker.withQueryTracking(fn, { operation })
  await feedShapes((fn) => wrapAs('shape', fn as never) as never, 1)
  await feedShapes(floorWrapper, 1)
  const rows: CallRow[] = []
  const add = (label: string, floor: (calls: number) => Promise<void>, tracked: (calls: number) => Promise<void>) => {
    rows.push({ name: `floor, ${label}`, against: `floor, ${label}`, run: floor })
    rows.push({ name: `tracked, ${label}`, against: `floor, ${label}`, run: tracked })
  }
  for (const count of functionCounts) {
    const functions = Array.from({ length: count }, (): Find => async (_first, id) => id)
    const floors = functions.map((fn) => floorWrapper(fn))
    const tracked = functions.map((fn, index) => wrapAs(`find_${index}`, fn))
    add(
      `${count} functions in turn`,
      (calls) => inTurn(floors, calls),
      (calls) => inTurn(tracked, calls),
    )
  }
  const find: Find = async (_first, id) => id
  const floor = floorWrapper(find)
  const tracked = wrapAs('find', find)
  for (const count of inFlightCounts) {
    add(
      `${count} in flight`,
      (calls) => inFlight(floor, count, calls),
      (calls) => inFlight(tracked, count, calls),
    )
  }
  return rows
}
