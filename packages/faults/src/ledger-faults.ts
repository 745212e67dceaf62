import { setTimeout as delay } from 'node:timers/promises'
import type { FaultProxy, ProxyDirection } from '@pgtally/session-contract'
import type { FaultServer } from './fault-server.ts'
import { pick } from './seeded-random.ts'
import { withinDeadline } from './within-deadline.ts'

export const ledgerFaults = ['reset', 'finish', 'black hole', 'one-way drop', 'terminate', 'kill -9'] as const

export type LedgerFault = (typeof ledgerFaults)[number]

const commitWithinMs = 300
const directions: readonly ProxyDirection[] = ['toServer', 'toClient']

/** Harms the connections that are open; some of the time just when a COMMIT is on its way, or its answer. */
export async function injectFault(
  fault: LedgerFault,
  {
    proxy,
    server,
    random,
  }: { readonly proxy: FaultProxy; readonly server: FaultServer; readonly random: () => number },
): Promise<void> {
  const isAtCommit = random() < 0.4
  const lasting = 10 + random() * 60
  const drop = (which: readonly ProxyDirection[], isDropped: boolean) => {
    for (const direction of which) proxy.set(direction, { drop: isDropped })
  }
  const start = async (harm: () => void) => {
    if (!isAtCommit) harm()
    else await withinDeadline(proxy.when('toServer', 'commit', harm), commitWithinMs)
  }
  switch (fault) {
    case 'reset':
      return start(() => proxy.reset())
    case 'finish':
      return start(() => proxy.finish())
    case 'black hole':
    case 'one-way drop': {
      const which = fault === 'black hole' ? directions : [pick(directions, random)]
      await start(() => drop(which, true))
      await delay(lasting)
      drop(directions, false)
      // What was dropped can't be made up for: those connections are of no use any more.
      proxy.reset()
      return
    }
    case 'terminate':
    case 'kill -9': {
      const pids = await server.backends(isAtCommit ? `state <> 'idle'` : 'true')
      if (pids.length > 0) await server.kill([pick(pids, random)], fault)
    }
  }
}
