import assert from 'node:assert/strict'
import { backendPid } from '../backend-pid.ts'
import { rejection } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const outerRollbackTakesAll: SessionLaw = {
  number: 'L10',
  title: 'a nested transaction is undone with the outer one, though it succeeded',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    const mine = new Error('mine')
    const reason = await rejection(
      session.transaction(async (transaction) => {
        const pid = await backendPid(transaction)
        await transaction.transaction(async (inner) => {
          assert.equal(await backendPid(inner), pid)
          await inner.query(`insert into ${table} values (1)`)
        })
        await transaction.query(`insert into ${table} values (2)`)
        // An embedded database answers nobody else meanwhile.
        if (session.capabilities.concurrentTransactions) assert.equal(await countRows(table), 0)
        throw mine
      }),
    )
    assert.equal(reason, mine)
    assert.equal(await countRows(table), 0)
  },
}

export const innerRollbackTakesItsOwn: SessionLaw = {
  number: 'L10',
  title: 'a nested transaction that throws is undone alone, at every depth',
  needs: 'database',
  async check({ session, createTable, verify }) {
    const table = await createTable('id int')
    const mine = new Error('mine')
    await session.transaction(async (transaction) => {
      await transaction.query(`insert into ${table} values (1)`)
      await transaction.transaction(async (middle) => {
        await middle.query(`insert into ${table} values (2)`)
        const inner = middle.transaction(async (innermost) => {
          await innermost.query(`insert into ${table} values (3)`)
          throw mine
        })
        assert.equal(await rejection(inner, 'a savepoint whose work threw'), mine)
        await middle.query(`insert into ${table} values (4)`)
      })
      await rejection(
        transaction.transaction(async (second) => {
          await second.query(`insert into ${table} values (5)`)
          throw mine
        }),
      )
    })
    const rows = await verify(`select id from ${table} order by id`)
    assert.deepEqual(
      rows.map(({ id }) => id),
      [1, 2, 4],
    )
  },
}

export const topLevelIsNeverNested: SessionLaw = {
  number: 'L10',
  title: 'a second top-level transaction has a connection of its own, waits, or is refused: it never joins the first',
  needs: 'database',
  async check({ session, createTable, verify }) {
    const table = await createTable('id int')
    const mine = new Error('mine')
    let isFirstOver = false
    let second: Promise<unknown> | undefined
    await session.transaction(async (first) => {
      await first.query(`insert into ${table} values (1)`)
      second = rejection(
        session.transaction(async (transaction) => {
          if (!session.capabilities.concurrentTransactions) assert.ok(isFirstOver, 'two at once on one connection')
          await transaction.query(`insert into ${table} values (2)`)
          throw mine
        }),
        'a second transaction',
      )
      if (session.capabilities.concurrentTransactions) await second
      await first.query(`insert into ${table} values (3)`)
      isFirstOver = true
    })
    const reason = await second
    const isBusy = (reason as { readonly code?: unknown } | undefined)?.code === 'PGTALLY_CLIENT_BUSY'
    assert.ok(reason === mine || (isBusy && !session.capabilities.concurrentTransactions), 'another error')
    const rows = await verify(`select id from ${table} order by id`)
    assert.deepEqual(
      rows.map(({ id }) => id),
      [1, 3],
    )
  },
}
