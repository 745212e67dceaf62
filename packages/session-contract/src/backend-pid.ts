import type { Session } from '@pgtally/core'

/** Process id of the backend that answers for the session. */
export async function backendPid(session: Session): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]?.pid
  if (typeof pid !== 'number') throw new Error('pg_backend_pid() gave no number')
  return pid
}
