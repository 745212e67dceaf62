import type { DriverResult, PendingStatement } from '@pgtally/core/adapter'
import { type ConnectionParts, notSent } from './connection-parts.ts'
import { internalsOf, type PgQueryConfig } from './pg-client.ts'
import { readResult } from './read-result.ts'

export const sendStatement = (parts: ConnectionParts, config: PgQueryConfig): PendingStatement => {
  const { client, watch, lane, owner } = parts
  let state: 'waiting' | 'withdrawn' | 'sent' | 'over' = 'waiting'
  /** The server works on it. On a client that others use too, it may wait behind their statements. */
  let running = false
  let settle: { resolve(result: DriverResult): void; reject(error: unknown): void }
  const result = new Promise<DriverResult>((resolve, reject) => {
    settle = { resolve, reject }
  })

  const run = async () => {
    watch.hold()
    try {
      const settled = parts.settled()
      if (settled !== undefined) await settled
      if (state === 'withdrawn') return
      state = 'sent'
      running = internalsOf(client).readyForQuery !== false
      watch.sent()
      settle.resolve(readResult(await client.query(config)))
    } catch (error) {
      parts.failed(error)
      settle.reject(error)
    } finally {
      state = 'over'
      watch.letGo()
    }
  }
  lane.enter(run)

  return {
    result,
    cancel() {
      if (state === 'sent' && running) parts.cancelRunning()
      if (state !== 'waiting') return
      state = 'withdrawn'
      lane.leave(run)
      settle.reject(notSent())
    },
    abandon: owner.destroy,
  }
}
