import assert from 'node:assert/strict'
import { discardConnection } from '@pgtally/core/adapter'
import { backendPid } from '../backend-pid.ts'
import { pollUntil } from '../poll-until.ts'
import { rejection } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const destroysAfterFailedRollback: SessionLaw = {
  number: 'L5',
  title: 'a connection whose ROLLBACK failed is destroyed, and nobody gets it again',
  needs: 'server',
  poolSize: 1,
  viaProxy: true,
  async check({ session, proxy, verify, createTable, countRows, leaks }) {
    const table = await createTable('id int')
    proxy.rewrite('toServer', 'rollback', 'rollbacx')
    let pid = 0
    await rejection(
      session.transaction(async (transaction) => {
        pid = await backendPid(transaction)
        await transaction.query(`insert into ${table} values (1)`)
        throw new Error('mine')
      }),
    )
    // A single client is its user's: the adapter can neither end it nor get another.
    if (session.capabilities.concurrentTransactions) {
      await session.query(`insert into ${table} values (2)`)
      assert.equal(await countRows(table), 1)
      await pollUntil('the connection is gone', async () => {
        return (await verify(`select from pg_stat_activity where pid = ${pid}`)).length === 0
      })
    }
    assert.deepEqual(leaks(), [])
  },
}

export const discardsOnRequest: SessionLaw = {
  number: 'L5',
  title: 'discardConnection destroys the connection at the end of its transaction, and only then',
  needs: 'database',
  poolSize: 1,
  async check({ session, createTable, countRows, leaks }) {
    const table = await createTable('id int')
    const pid = await session.transaction(async (transaction) => {
      discardConnection(transaction)
      const pidBefore = await backendPid(transaction)
      await transaction.query(`insert into ${table} values (1)`)
      assert.equal(await backendPid(transaction), pidBefore)
      return pidBefore
    })
    assert.equal(await countRows(table), 1)
    const pidAfter = await backendPid(session)
    if (session.capabilities.concurrentTransactions) assert.notEqual(pidAfter, pid)
    else assert.equal(pidAfter, pid)
    assert.deepEqual(leaks(), [])
  },
}

export const cancelsOnTheServer: SessionLaw = {
  number: 'L5',
  title: 'an aborted statement ends on the server, rejects with the reason, and harms no later statement',
  needs: 'server',
  poolSize: 1,
  async check({ session, verify, leaks }) {
    const running = async () => {
      const rows = await verify(
        `select from pg_stat_activity where query like '%pg_sleep(1.5)%' and state = 'active' and pid <> pg_backend_pid()`,
      )
      return rows.length > 0
    }
    for (const begin of [
      (signal: AbortSignal) => session.query('select pg_sleep(1.5)', undefined, { signal }),
      (signal: AbortSignal) =>
        session.transaction((transaction) => transaction.query('select pg_sleep(1.5)', undefined, { signal })),
    ]) {
      const controller = new AbortController()
      const reason = Object.freeze({ why: 'changed my mind' })
      const pending = begin(controller.signal)
      pending.catch(() => {})
      await pollUntil('the statement runs', running)
      controller.abort(reason)
      assert.equal(await rejection(pending, 'an aborted statement'), reason)
      if (session.capabilities.cancel) assert.equal(await running(), false, 'the statement still runs')
    }
    for (let again = 0; again < 3; again += 1) await session.query('select 1')
    assert.deepEqual(leaks(), [])
  },
}

export const refusesAbortedSignal: SessionLaw = {
  number: 'L5',
  title: 'a signal that was aborted before the call rejects with its reason, and nothing is sent',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    const reason = new Error('too late')
    const signal = AbortSignal.abort(reason)
    assert.equal(await rejection(session.query(`insert into ${table} values (1)`, undefined, { signal })), reason)
    await session.transaction(async (transaction) => {
      const pending = transaction.query(`insert into ${table} values (2)`, undefined, { signal })
      assert.equal(await rejection(pending), reason)
    })
    assert.equal(await countRows(table), 0)
  },
}
