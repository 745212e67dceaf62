// The first example of the README: runs on any database that PGHOST and its like point to.

// #region first-look
import { type Session, tracking, withQueryTracking } from '@pgtally/core'
import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

const findSetting = withQueryTracking(
  async (session: Session, name: string) =>
    (await session.query('select name, setting from pg_settings where name = $1', [name])).rows[0],
  { operation: 'find_setting', table: 'pg_settings' },
)

const pool = new Pool()
const session = createNodePgSession(pool)
for (const name of ['work_mem', 'max_connections', 'port']) await findSetting(session, name)
console.log(tracking.snapshot())
await pool.end()
// #endregion
