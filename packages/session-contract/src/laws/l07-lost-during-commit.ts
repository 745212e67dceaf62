import assert from 'node:assert/strict'
import { backendPid } from '../backend-pid.ts'
import { pollUntil } from '../poll-until.ts'
import type { SessionLaw } from '../session-law.ts'
import { type WatchedTransaction, watchTransaction } from '../watch-transaction.ts'

function assertUnknown({ rejection, events }: WatchedTransaction): void {
  assert.ok(rejection, 'transaction resolved, and nobody knows whether it was committed')
  assert.deepEqual(
    events.map(({ outcome, errorKind, rollbackReason }) => ({ outcome, errorKind, rollbackReason })),
    [{ outcome: 'unknown', errorKind: 'outcome_unknown', rollbackReason: undefined }],
  )
}

export const lostAfterCommit: SessionLaw = {
  number: 'L7',
  title: 'the connection is lost after the server committed: unknown, rejected, not tried again',
  needs: 'server',
  viaProxy: true,
  async check({ session, proxy, createTable, countRows }) {
    const table = await createTable('id int')
    let calls = 0
    const watched = watchTransaction(session, async (transaction) => {
      calls += 1
      await transaction.query(`insert into ${table} values (1)`)
      proxy.when('toServer', 'commit', () => proxy.set('toClient', { drop: true }))
    })
    await pollUntil('the server committed', async () => (await countRows(table)) > 0)
    proxy.set('toClient', { drop: false })
    proxy.reset()
    assertUnknown(await watched)
    assert.equal(calls, 1)
    assert.equal(await countRows(table), 1)
  },
}

export const lostInCommit: SessionLaw = {
  number: 'L7',
  title: 'the backend is killed while it commits: unknown, rejected, not tried again',
  needs: 'server',
  async check({ session, createTable, countRows, slowDownCommit, verify, killBackend }) {
    const table = await createTable('id int')
    await slowDownCommit(table, 10)
    let calls = 0
    let pid = 0
    const watched = watchTransaction(session, async (transaction) => {
      calls += 1
      pid = await backendPid(transaction)
      await transaction.query(`insert into ${table} values (1)`)
    })
    await pollUntil('it commits', async () => {
      const sleeping = `wait_event = 'PgSleep' and query ilike 'commit%'`
      return (await verify(`select from pg_stat_activity where pid = ${pid} and ${sleeping}`)).length > 0
    })
    await killBackend(pid)
    assertUnknown(await watched)
    assert.equal(calls, 1)
    assert.equal(await countRows(table), 0)
  },
}
