import { createAsyncContextRows } from './async-context-rows.ts'
import { bytesPerCall, recorderBytes } from './bytes-per-call.ts'
import { type CallRow, createCallRows } from './call-rows.ts'
import { loadCore, type MeasuredCore } from './measured-core.ts'
import { type RoundSettings, runPairedRounds, type Slices } from './paired-rounds.ts'
import { createScaleRows } from './scale-rows.ts'
import { createStreamRows } from './stream-rows.ts'

/** A group of rows that are compared with each other, in one process. */
export type GroupName = 'calls' | 'streams' | 'async-context' | 'scale'

export interface GroupTask extends RoundSettings {
  readonly group: GroupName
  /** Compiled core. */
  readonly coreFolder: string
  readonly what: 'time' | 'bytes'
}

export interface GroupFigures {
  readonly rows: readonly { readonly name: string; readonly against: string }[]
  /** Where times were taken. */
  readonly slices?: Slices
  /** Where bytes were. */
  readonly bytes?: Readonly<Record<string, number>>
  readonly recorderBytes?: number
}

const createRows: Record<GroupName, (core: MeasuredCore) => Promise<readonly CallRow[]>> = {
  calls: createCallRows,
  streams: createStreamRows,
  'async-context': createAsyncContextRows,
  scale: createScaleRows,
}

export const measureGroup = async (task: GroupTask): Promise<GroupFigures> => {
  const core = await loadCore(task.coreFolder)
  const rows = await createRows[task.group](core)
  const named = rows.map(({ name, against }) => ({ name, against }))
  if (task.what === 'time') return { rows: named, slices: await runPairedRounds(rows, task) }
  const bytes: Record<string, number> = {}
  for (const row of rows) bytes[row.name] = await bytesPerCall(row, task.calls)
  return { rows: named, bytes, recorderBytes: recorderBytes(core) }
}
