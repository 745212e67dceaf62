import assert from 'node:assert/strict'
import type { Session } from '@pgtally/core'
import { rejection, rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

const closed = 'PGTALLY_TRANSACTION_CLOSED'

async function readAll(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _row of rows) {
    // Only the end matters.
  }
}

async function assertUnusable(late: Session, text: string): Promise<void> {
  await rejectionWithCode(late.query(text), closed)
  await rejectionWithCode(
    late.transaction((inner) => inner.query(text)),
    closed,
  )
  await rejectionWithCode(readAll(late.stream('select 1')), closed)
}

export const refusesLateUse: SessionLaw = {
  number: 'L9',
  title: 'a transaction or savepoint that is over refuses statements, savepoints and streams',
  needs: 'nothing',
  async check({ session }) {
    const kept: Session[] = []
    await session.transaction(async (transaction) => {
      kept.push(transaction)
      await transaction.transaction(async (inner) => {
        kept.push(inner)
        await inner.query('select 1')
      })
      await assertUnusable(kept[1] as Session, 'select 1')
      await transaction.query('select 1')
    })
    await rejection(
      session.transaction(async (transaction) => {
        kept.push(transaction)
        throw new Error('mine')
      }),
    )
    assert.equal(kept.length, 3)
    for (const late of kept) await assertUnusable(late, 'select 1')
  },
}

export const lateStatementsGoNowhere: SessionLaw = {
  number: 'L9',
  title: 'nothing that comes late is run, not even on another connection',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    const kept = await session.transaction(async (transaction) => transaction)
    await assertUnusable(kept, `insert into ${table} values (1)`)
    // While another transaction may have the connection that was the late one's.
    await session.transaction(async (transaction) => {
      await assertUnusable(kept, `insert into ${table} values (2)`)
      await transaction.query('select 1')
    })
    assert.equal(await countRows(table), 0)
  },
}
