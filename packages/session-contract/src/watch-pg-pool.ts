import type { EventEmitter } from 'node:events'

/** What is read of a `pg.Pool`. */
export interface WatchablePool extends EventEmitter {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

interface WatchedClient extends EventEmitter {
  readonly connection?: EventEmitter
  /** It is being ended; the pool says so only afterwards. */
  readonly _ending?: boolean
  getTypeParser?(oid: number, format: 'text' | 'binary'): unknown
}

export interface WatchedPool {
  /** For `SessionHarness.leaks`. */
  leaks(): readonly string[]
}

/**
 * Compares a `pg.Pool` and its idle clients with what they were: nothing checked out, listeners and type parsers as at the start,
 * not ended. To be called before the pool has a client, and after the user's own listeners were added.
 */
export function watchPgPool(pool: WatchablePool): WatchedPool {
  const clientsBefore = new Map<WatchedClient, ClientState>()
  // The pool's own listener for idle clients is there already when it emits `connect`.
  pool.on('connect', (client: WatchedClient) => clientsBefore.set(client, readClient(client)))
  pool.on('remove', (client: WatchedClient) => clientsBefore.delete(client))
  const poolBefore = countListeners(pool)
  return {
    leaks() {
      const leaks: string[] = []
      const checkedOut = pool.totalCount - pool.idleCount
      if (checkedOut > 0) leaks.push(`${checkedOut} clients are checked out`)
      if (pool.waitingCount > 0) leaks.push(`${pool.waitingCount} callers wait for a client`)
      if ('ending' in pool && pool.ending === true) leaks.push('the pool was ended')
      leaks.push(...compareListeners('the pool', poolBefore, countListeners(pool)))
      for (const [client, before] of clientsBefore) {
        if (client._ending) continue
        const after = readClient(client)
        leaks.push(...compareListeners('a client', before.listeners, after.listeners))
        leaks.push(...compareListeners(`a client's connection`, before.connectionListeners, after.connectionListeners))
        if (before.parsers.some((parser, index) => parser !== after.parsers[index]))
          leaks.push('a type parser was changed')
      }
      return leaks
    },
  }
}

type ListenerCounts = ReadonlyMap<string | symbol, number>

interface ClientState {
  readonly listeners: ListenerCounts
  readonly connectionListeners: ListenerCounts
  readonly parsers: readonly unknown[]
}

/** bool, bytea, int8, int2, int4, text, json, float8, date, timestamp, timestamptz, numeric, jsonb */
const oids = [16, 17, 20, 21, 23, 25, 114, 701, 1082, 1114, 1184, 1700, 3802]

function readClient(client: WatchedClient): ClientState {
  return {
    listeners: countListeners(client),
    connectionListeners: client.connection ? countListeners(client.connection) : new Map(),
    parsers: oids.map((oid) => client.getTypeParser?.(oid, 'text')),
  }
}

function countListeners(emitter: EventEmitter): ListenerCounts {
  return new Map(emitter.eventNames().map((name) => [name, emitter.listenerCount(name)]))
}

function compareListeners(what: string, before: ListenerCounts, after: ListenerCounts): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].flatMap((name) => {
    const [had, has] = [before.get(name) ?? 0, after.get(name) ?? 0]
    return had === has ? [] : [`${what} had ${had} listeners for ${String(name)} and has ${has}`]
  })
}
