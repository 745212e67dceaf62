import assert from 'node:assert/strict'
import { backendPid } from '../backend-pid.ts'
import { pollUntil } from '../poll-until.ts'
import { rejection } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'
import { useInEveryWay } from '../use-in-every-way.ts'

export const leavesNothing: SessionLaw = {
  number: 'L16',
  title: 'no client stays checked out and no listener is left, whatever the end',
  needs: 'database',
  poolSize: 4,
  async check({ session, leaks }) {
    for (let round = 0; round < 20; round += 1) {
      await useInEveryWay(session)
      assert.deepEqual(leaks(), [])
    }
  },
}

export const leavesNoTransactionOpen: SessionLaw = {
  number: 'L16',
  title: 'no connection goes back with a transaction open',
  needs: 'server',
  async check({ session, verify }) {
    for (let round = 0; round < 5; round += 1) await useInEveryWay(session)
    const open = await verify(`select state, query from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`)
    assert.deepEqual(open, [])
  },
}

export const survivesLossWhileIdle: SessionLaw = {
  number: 'L16',
  title: 'a connection that dies while a transaction holds it raises no error that nobody can catch',
  needs: 'server',
  async check({ session, killBackend }) {
    let noticed = false
    await rejection(
      session.transaction(async (transaction) => {
        await killBackend(await backendPid(transaction))
        // Until the driver has heard of it, by itself or from a statement that fails.
        await pollUntil('the loss is noticed', () =>
          transaction.query('select 1').then(
            () => false,
            () => true,
          ),
        )
        noticed = true
      }),
      'a transaction that lost its connection',
    )
    assert.equal(noticed, true)
  },
}
