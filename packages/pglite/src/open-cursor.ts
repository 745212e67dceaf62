import type { DriverCursor, DriverStatement } from '@pgtally/core/adapter'
import type { PgliteStatements } from './pglite-database.ts'
import { readsByCursor } from './reads-by-cursor.ts'
import type { StatementQueue, Turn } from './statement-queue.ts'

/** Where a cursor lives: one of a transaction ends with it, one that is held does without and blocks nobody between two batches. */
export interface CursorPlace {
  readonly name: string
  readonly held: boolean
}

/** Reads by DECLARE and FETCH; a text that DECLARE does not take is run as a whole, and its rows are given out in batches. */
export const openCursor = (
  target: PgliteStatements,
  queue: StatementQueue,
  { text, values }: DriverStatement,
  batchSize: number,
  { name, held }: CursorPlace,
): DriverCursor => {
  let isDeclared = false
  /** All rows that are left, where there is no cursor to fetch them from. */
  let left: unknown[] | undefined
  let turn: Turn<readonly unknown[]> | undefined
  let closing: Promise<void> | undefined

  const fetch = async (): Promise<readonly unknown[]> => {
    const [fetched] = await target.exec(`fetch ${batchSize} from ${name}`)
    const rows = fetched?.rows ?? []
    if (rows.length < batchSize) left = []
    return rows
  }

  const read = async (): Promise<readonly unknown[]> => {
    if (closing !== undefined) return []
    if (left === undefined && !isDeclared) {
      const parameters = values as unknown[] | undefined
      if (readsByCursor(text)) {
        await target.query(`declare ${name} no scroll cursor ${held ? 'with hold ' : ''}for ${text}`, parameters)
        isDeclared = true
      } else {
        left = [...(await target.query(text, parameters)).rows]
      }
    }
    return left === undefined ? fetch() : left.splice(0, batchSize)
  }

  const close = (): Promise<void> => {
    const closed = queue
      .enter(async () => {
        if (isDeclared) await target.exec(`close ${name}`)
      })
      // A failed statement of the transaction has ended it already.
      .result.catch(() => {})
    // It comes before any later statement, but where a transaction is open it would be waited for from inside it.
    return held ? Promise.resolve() : closed
  }

  return {
    next() {
      turn = queue.enter(read)
      return turn.result
    },
    close: () => (closing ??= close()),
    cancel: () => turn?.leave(),
    abandon() {},
  }
}
