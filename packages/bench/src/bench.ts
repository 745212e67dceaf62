import { rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { compileCore } from './compile-core.ts'
import { formatGates, formatRows } from './format-table.ts'
import { checkGates, noiseOf } from './gates.ts'
import type { GroupFigures, GroupName } from './measure-group.ts'
import type { Slices } from './paired-rounds.ts'
import type { BenchOptions } from './read-options.ts'
import { runGroup } from './run-group.ts'

const calls = 20_000
/** With the room that a bytes run has, this many calls leave no garbage collected. */
const bytesCalls = 40_000
const noiseLimit = 0.03
const attempts = 3

type Timed = GroupFigures & { readonly slices: Slices }

/** A run whose two floors differ too much is taken again, and the quietest counts. */
const quietest = async (run: () => Promise<Timed>, print: (text: string) => void): Promise<Timed> => {
  let best = await run()
  for (let attempt = 1; attempt < attempts && noiseOf(best.slices) > noiseLimit; attempt++) {
    print(`The floor's second copy is ${(noiseOf(best.slices) * 100).toFixed(1)} % off: measured again.`)
    const next = await run()
    if (noiseOf(next.slices) < noiseOf(best.slices)) best = next
  }
  return best
}

/** Measures, prints, and resolves to whether all gates passed. */
export const bench = async (options: BenchOptions, print: (text: string) => void): Promise<boolean> => {
  const { seed, rounds, quick } = options
  print(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(1)}`)
  print(`seed ${seed}, ${rounds} rounds of ${calls} calls; medians`)
  const coreFolder = compileCore()
  try {
    const time = async (group: GroupName) =>
      (await runGroup({ group, coreFolder, what: 'time', seed, rounds, calls })) as Timed
    const bytes = (group: GroupName) => runGroup({ group, coreFolder, what: 'bytes', seed, rounds, calls: bytesCalls })

    const single = await quietest(() => time('calls'), print)
    const singleBytes = await bytes('calls')
    print(`\nOne call\n\n${formatRows(single.rows, single.slices, singleBytes.bytes)}`)
    print(
      `\nnoise ${(noiseOf(single.slices) * 100).toFixed(1)} %; the recorder alone ${singleBytes.recorderBytes?.toFixed(2)} B`,
    )

    const titles = {
      streams: 'Streams',
      'async-context': 'asyncContext switched on',
      scale: 'Many functions, many calls',
    }
    for (const group of quick
      ? (['streams', 'async-context'] as const)
      : (['streams', 'async-context', 'scale'] as const)) {
      const { rows, slices } = await time(group)
      const own = group === 'scale' ? undefined : (await bytes(group)).bytes
      print(`\n${titles[group]}\n\n${formatRows(rows, slices, own)}`)
    }

    const gates = checkGates(single.slices, singleBytes)
    print(`\n${formatGates(gates)}`)
    return gates.every(({ passed }) => passed)
  } finally {
    rmSync(coreFolder, { recursive: true, force: true })
  }
}
