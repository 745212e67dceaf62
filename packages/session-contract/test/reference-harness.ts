import type { Session } from '@pgtally/core'
import { createSession } from '@pgtally/core/adapter'
import { Pool, type PoolClient } from 'pg'
import type { OpenHarness } from '../src/session-harness.ts'
import { watchPgPool } from '../src/watch-pg-pool.ts'
import type { DriverFault } from './driver-fault.ts'
import { createReferenceDriver } from './reference-driver.ts'

export interface Deviation {
  readonly fault?: DriverFault
  /** Changes the session that `createSession` made; the pool is for what escapes from it. */
  readonly change?: (session: Session, pool: Pool) => Session
  /** What a careless adapter does to the user's pool. */
  readonly touch?: (pool: Pool) => void
}

/** Sessions over a server that is asked for its address when a law begins. */
export function referenceHarness(address: () => string, { fault, change, touch }: Deviation = {}): OpenHarness {
  return async ({ poolSize, via }) => {
    const connectionString = address()
    const url = new URL(connectionString)
    if (via) url.host = `${via.host}:${via.port}`
    const pool = new Pool({ connectionString: url.href, max: poolSize })
    pool.on('error', () => {})
    const clients = new Set<PoolClient>()
    pool.on('acquire', (client) => clients.add(client))
    const watched = watchPgPool(pool)
    const opened = createSession(createReferenceDriver(pool, fault))
    touch?.(pool)
    return {
      session: change ? change(opened, pool) : opened,
      connectionString,
      leaks: () => watched.leaks(),
      async close() {
        const ended = pool.ending ? Promise.resolve() : pool.end()
        if (pool.totalCount === pool.idleCount) return ended
        // A broken adapter's clients never come back, and the pool would wait for them.
        for (const client of clients) {
          client.on('error', () => {})
          ;(client as PoolClient & { end(): Promise<void> }).end().catch(() => {})
        }
      },
    }
  }
}
