import type { DriverCursor, DriverStatement } from '@pgtally/core/adapter'
import type { PoolClient } from 'pg'
import type { DriverFault } from './driver-fault.ts'

/** An SQL cursor: the transaction that it needs is the caller's affair. */
export function cursorOn(
  client: PoolClient,
  statement: DriverStatement,
  batchSize: number,
  fault?: DriverFault,
): DriverCursor {
  const name = 'reference_cursor'
  let state: 'new' | 'open' | 'closed' = 'new'
  return {
    async next() {
      if (state === 'closed') return []
      try {
        if (state === 'new') {
          await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${statement.text}`, [...(statement.values ?? [])])
          state = 'open'
        }
        const { rows } = await client.query(`FETCH ${batchSize} FROM ${name}`)
        return fault === 'repeats rows' ? [...rows, ...rows.slice(0, 1)] : rows
      } catch (error) {
        state = 'closed'
        throw error
      }
    },
    async close() {
      if (state === 'open') await client.query(`CLOSE ${name}`)
      state = 'closed'
    },
    cancel() {},
    abandon() {},
  }
}
