import assert from 'node:assert/strict'
import type { Session } from '@pgtally/core'
import type { SessionLaw } from '../session-law.ts'
import { useInEveryWay } from '../use-in-every-way.ts'

async function readSettings(session: Session): Promise<unknown> {
  const { rows } = await session.query(`select name, setting from pg_settings where name not like 'transaction%'
    union all select 'pgtally.law', current_setting('pgtally.law', true)
    union all select 'temporary tables', count(*)::text from pg_class where relpersistence = 't'
    union all select 'prepared', count(*)::text from pg_prepared_statements where name = 'kept'
    union all select 'advisory locks', count(*)::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
    order by 1`)
  return rows
}

export const keepsTheConnectionsState: SessionLaw = {
  number: 'L17',
  title: 'settings, temporary tables, prepared statements and locks of the connection stay as the user made them',
  needs: 'database',
  poolSize: 1,
  async check({ session }) {
    await session.query(`select set_config('pgtally.law', 'mine', false), pg_advisory_lock(17)`)
    await session.query('create temporary table kept (id int)')
    await session.query('prepare kept as select 1')
    const before = await readSettings(session)
    await useInEveryWay(session)
    assert.deepEqual(await readSettings(session), before)
  },
}

export const keepsTheUsersObjects: SessionLaw = {
  number: 'L17',
  title: `the driver's own objects stay as the user made them, and open`,
  needs: 'database',
  async check({ session, leaks }) {
    await useInEveryWay(session)
    assert.deepEqual(leaks(), [])
    await session.query('select 1')
  },
}
