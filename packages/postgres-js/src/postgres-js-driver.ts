import {
  type DriverCall,
  type DriverCursor,
  type DriverStatement,
  isConnectionFatal,
  type PendingStatement,
  type SessionDriver,
} from '@pgtally/core/adapter'
import { beginOptions } from './begin-options.ts'
import type { ConnectionGate } from './connection-gate.ts'
import { notSent } from './not-sent.ts'
import { openCursor } from './open-cursor.ts'
import type { PoolFacts } from './pool-facts.ts'
import type { OpenSql } from './postgres-sql.ts'
import { readResult } from './read-result.ts'
import { startReader } from './row-reader.ts'
import { runTransaction } from './run-transaction.ts'
import { isStaleEnd, isStaleError } from './stale-error.ts'
import { isSimple, makeQuery, type StartedQuery, startQuery } from './start-query.ts'

export const createPostgresJsDriver = (sql: OpenSql, gate: ConnectionGate, facts: PoolFacts): SessionDriver => ({
  capabilities: { concurrentTransactions: true, statementTimeout: true, cancel: true, poolWait: true },
  pool: facts.pool,
  query: (statement, call) => queryOnPool(sql, gate, statement, call),
  stream: (statement, batchSize, call) => streamFromPool(sql, gate, statement, batchSize, call),
  async transaction(options, work, call) {
    const begin = beginOptions(options)
    for (let attempt = 1; ; attempt += 1) {
      const place = await gate.enter().arrived
      let began = false
      try {
        return await runTransaction(
          sql,
          begin,
          (connection) => {
            began = true
            call.connected()
            return work(connection)
          },
          (error) => {
            letSocketsClose(gate, error)
            call.lost(error)
          },
          place.leave,
        )
      } catch (error) {
        const isStale = isStaleEnd(error) || (attempt === 1 && isStaleError(error))
        if (began || attempt > gate.limit || !isStale) throw error
      }
    }
  },
})

const queryOnPool = (
  sql: OpenSql,
  gate: ConnectionGate,
  statement: DriverStatement,
  call: DriverCall,
): PendingStatement => {
  const admission = gate.enter()
  let isCancelled = false
  let started: StartedQuery | undefined
  const run = async () => {
    const place = await admission.arrived
    try {
      for (let attempt = 1; ; attempt += 1) {
        if (isCancelled) throw notSent()
        const current = startQuery(makeQuery(sql, statement, { running: once(call.connected) }))
        started = current
        try {
          return readResult(statement.text, isSimple(statement), await current.answer)
        } catch (error) {
          letSocketsClose(gate, error)
          if (current.wasSent() || attempt > gate.limit || !isStaleError(error)) throw error
        }
      }
    } finally {
      place.leave()
    }
  }
  return {
    result: run(),
    cancel() {
      isCancelled = true
      admission.giveUp()
      const over = started?.cancel()
      if (over !== undefined) gate.hold(over)
    },
    // The connection is not ours to destroy: postgres.js gives none out.
    abandon() {},
  }
}

const streamFromPool = (
  sql: OpenSql,
  gate: ConnectionGate,
  statement: DriverStatement,
  batchSize: number,
  call: DriverCall,
): DriverCursor =>
  openCursor(
    {
      enter(use) {
        const admission = gate.enter()
        const run = async () => {
          const place = await admission.arrived
          await use().finally(place.leave)
        }
        return { failed: run().then(() => new Promise<never>(() => {})), leave: admission.giveUp }
      },
      start(cursor, size) {
        const reader = startReader(sql, sql.CLOSE, cursor, size, { running: once(call.connected) })
        reader.started.answer.catch((error) => letSocketsClose(gate, error))
        return reader
      },
      restarts: gate.limit,
      cancelling: gate.hold,
      abandon() {},
    },
    statement,
    batchSize,
  )

const once = (call: () => void): (() => void) => {
  let isCalled = false
  return () => {
    if (!isCalled) call()
    isCalled = true
  }
}

/**
 * Connections are often lost together, and postgres.js learns of it one by one: what is written meanwhile to one that it still takes
 * for open stays in that one's buffer, by which it never gets a new connection. So the next statement waits for a turn of the loop.
 */
const letSocketsClose = (gate: ConnectionGate, error: unknown): void => {
  if (!isConnectionFatal(error)) return
  gate.hold(
    new Promise((resolve) => {
      setTimeout(resolve, 1)
    }),
  )
}
