import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of the heap that are in use after all garbage was collected. */
export async function heapBytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = globalThis.gc ?? (runInNewContext('gc') as () => void)
  // What a finalizer lets go is garbage of the next round.
  for (let round = 0; round < 4; round += 1) {
    collect()
    await turn()
  }
  return process.memoryUsage().heapUsed
}
