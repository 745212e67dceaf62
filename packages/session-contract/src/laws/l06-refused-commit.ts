import assert from 'node:assert/strict'
import { backendPid } from '../backend-pid.ts'
import { pollUntil } from '../poll-until.ts'
import type { SessionLaw } from '../session-law.ts'
import { watchTransaction } from '../watch-transaction.ts'

export const refusedCommitIsTheEnd: SessionLaw = {
  number: 'L6',
  title: 'a COMMIT refused by an SQL error rejects with that error',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int unique deferrable initially deferred')
    const { rejection: rejected, events } = await watchTransaction(session, (transaction) =>
      transaction.query(`insert into ${table} values (1), (1)`),
    )
    assert.equal((rejected?.reason as { readonly code?: string } | undefined)?.code, '23505')
    assert.equal(await countRows(table), 0)
    assert.deepEqual(
      events.map(({ outcome, rollbackReason, rollbackErrorKind }) => ({ outcome, rollbackReason, rollbackErrorKind })),
      [{ outcome: 'rolled_back', rollbackReason: 'unique_violation', rollbackErrorKind: undefined }],
    )
  },
}

export const sendsNoRollbackAfterRefusedCommit: SessionLaw = {
  number: 'L6',
  title: 'no ROLLBACK follows a refused COMMIT, and its connection is used again',
  needs: 'server',
  poolSize: 1,
  async check({ session, createTable, verify }) {
    const table = await createTable('id int unique deferrable initially deferred')
    let pid = 0
    const { rejection: rejected } = await watchTransaction(session, async (transaction) => {
      pid = await backendPid(transaction)
      await transaction.query(`insert into ${table} values (1), (1)`)
    })
    assert.ok(rejected, 'a refused COMMIT resolved')
    const backend = async () => {
      const [found] = await verify(`select lower(query) as last, state from pg_stat_activity where pid = ${pid}`)
      assert.ok(found, 'the connection was destroyed')
      return found
    }
    // The refusal reaches the client a moment before the backend calls itself idle.
    await pollUntil('the connection is idle', async () => (await backend()).state === 'idle')
    assert.match(String((await backend()).last), /^commit/)
    assert.equal(await backendPid(session), pid)
  },
}
