import type { MeasuredCore } from './measured-core.ts'
import { median } from './median.ts'
import type { Row } from './paired-rounds.ts'

const repeats = 5

const collect = (): void => {
  if (globalThis.gc === undefined) throw new Error('Run Node with --expose-gc.')
  globalThis.gc()
}

const heapUsed = () => process.memoryUsage().heapUsed

/** A run whose garbage was collected half-way shows less than it allocated: the caller's young generation must hold all of it. */
export const bytesPerCall = async ({ run }: Row, calls: number): Promise<number> => {
  await run(calls)
  await run(calls)
  const measured: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    collect()
    const before = heapUsed()
    await run(calls)
    measured.push((heapUsed() - before) / calls)
  }
  return median(measured)
}

const record = ({ recordDuration }: MeasuredCore, histogram: object, durationsMs: Float64Array, count: number) => {
  for (let index = 0; index < count; index++) {
    recordDuration(histogram, durationsMs[index & (durationsMs.length - 1)] as number)
  }
}

/** What adding one duration to a tally allocates; durations from 0.3 ms to 135 ms. */
export const recorderBytes = (core: MeasuredCore): number => {
  const histogram = core.createDurationHistogram()
  const durationsMs = Float64Array.from({ length: 1_024 }, (_, index) => 0.3 * 1.006 ** index)
  const count = 1_000_000
  record(core, histogram, durationsMs, count)
  record(core, histogram, durationsMs, count)
  const measured: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    collect()
    const before = heapUsed()
    record(core, histogram, durationsMs, count)
    measured.push((heapUsed() - before) / count)
  }
  return median(measured)
}
