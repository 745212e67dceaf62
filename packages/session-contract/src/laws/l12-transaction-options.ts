import assert from 'node:assert/strict'
import type { Session, TransactionOptions } from '@pgtally/core'
import { rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

async function readOptions(session: Session, options?: TransactionOptions): Promise<readonly unknown[]> {
  return session.transaction(async (transaction) => {
    const { rows } = await transaction.query(`select current_setting('transaction_isolation') as isolation,
      current_setting('transaction_read_only') as read_only, current_setting('transaction_deferrable') as deferrable`)
    return [rows[0]?.isolation, rows[0]?.read_only, rows[0]?.deferrable]
  }, options)
}

export const beginsAsTold: SessionLaw = {
  number: 'L12',
  title: 'isolation level, read only and deferrable hold for their transaction and for no other',
  needs: 'database',
  poolSize: 1,
  async check({ session }) {
    const before = await readOptions(session)
    for (const isolationLevel of ['read committed', 'repeatable read', 'serializable'] as const) {
      assert.deepEqual(await readOptions(session, { isolationLevel }), [isolationLevel, 'off', 'off'])
    }
    assert.deepEqual(await readOptions(session, { readOnly: true }), ['read committed', 'on', 'off'])
    const snapshot = { isolationLevel: 'serializable', readOnly: true, deferrable: true } as const
    assert.deepEqual(await readOptions(session, snapshot), ['serializable', 'on', 'on'])
    assert.deepEqual(await readOptions(session, { readOnly: false, deferrable: false }), before)
    assert.deepEqual(await readOptions(session), before)
  },
}

export const optionsAreInBegin: SessionLaw = {
  number: 'L12',
  title: 'the options are part of BEGIN, so that no statement can come before them',
  needs: 'server',
  async check({ session, verify }) {
    await session.transaction(
      async () => {
        const rows = await verify(
          `select query from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`,
        )
        assert.equal(rows.length, 1)
        assert.match(String(rows[0]?.query), /^\s*(begin|start transaction)\b.*serializable.*read only/i)
      },
      { isolationLevel: 'serializable', readOnly: true },
    )
  },
}

export const refusesOtherOptions: SessionLaw = {
  number: 'L12',
  title: 'any other option is refused before a connection is taken',
  needs: 'nothing',
  poolSize: 1,
  async check({ session }) {
    const refused: readonly unknown[] = [
      { isolationLevel: 'read uncommitted' },
      { isolationLevel: 'serializable; drop table users' },
      { isolationLevel: 1 },
      { readOnly: 'yes' },
      { deferrable: 1 },
      { isolation: 'serializable' },
      'serializable',
    ]
    // The only connection is taken: who asks for one has to wait, or is refused as busy.
    await session.transaction(async (holder) => {
      for (const options of refused) {
        let calls = 0
        const attempt = session.transaction(async () => {
          calls += 1
        }, options as TransactionOptions)
        attempt.catch(() => {})
        const waited = holder.query('select 1').then(() => Promise.reject(new Error('it waited for a connection')))
        await rejectionWithCode(Promise.race([attempt, waited]), 'PGTALLY_INVALID_OPTION')
        await waited.catch(() => {})
        assert.equal(calls, 0)
      }
    })
  },
}
