import { describe, expect, it } from 'vitest'
import { createSession, readPools, registerPool } from '../adapter-functions.ts'
import { createTracker } from '../default-tracking.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import { createPools } from './pools.ts'
import type { Session } from './session.ts'
import type { DriverPool } from './session-driver.ts'

const poolOf = (name: string, used = 0): DriverPool => ({
  pool: {},
  name,
  read: () => ({ used, idle: 1, pending: 2, limit: 10 }),
})

const shown = (pools: readonly { poolName: string; read(): { used: number } }[]) =>
  pools.map(({ poolName, read }) => [poolName, read().used])

describe('the pools whose numbers are published', () => {
  it('have one name per pool object: the first, numbered where another pool has it', () => {
    const pools = createPools()
    const all = [poolOf('db:5432/shop', 1), poolOf('db:5432/shop', 2), poolOf('replica', 3), poolOf('db:5432/shop', 4)]
    for (const facts of all) pools.register(facts)
    for (const facts of all) pools.register({ ...facts, name: 'renamed' })
    expect(shown(pools.read())).toEqual([
      ['db:5432/shop', 1],
      ['db:5432/shop 2', 2],
      ['replica', 3],
      ['db:5432/shop 3', 4],
    ])
  })

  it('are published by the first tracked call on a Session over them, not by an untracked one', async () => {
    const facts = poolOf('by-call', 5)
    const { session: base } = createRecordingSession()
    const session = createSession({
      capabilities: base.capabilities,
      pool: facts,
      query: () => expect.fail('not used'),
      stream: () => expect.fail('not used'),
      transaction: () => expect.fail('not used'),
    })
    expect(shown(readPools())).toEqual([])
    const fn = createTracker().withQueryTracking(async (_session: Session) => 1, { operation: 'op' })
    await fn(session)
    await fn(session)
    expect(shown(readPools())).toEqual([['by-call', 5]])
    registerPool(facts)
    registerPool(poolOf('by-hand', 6))
    expect(shown(readPools()).slice(0, 1)).toEqual([['by-call', 5]])
  })
})
