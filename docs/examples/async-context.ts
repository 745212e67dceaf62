// A method that takes its Session from `this`: statements are known through asyncContext only.

import { configureTracking, type Session, tracking } from '@pgtally/core'
import { TrackQuery } from '@pgtally/core/decorators'
import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

// #region service
export class ReportService {
  private readonly session: Session

  constructor(session: Session) {
    this.session = session
  }

  @TrackQuery({ operation: 'list_tables', table: 'pg_tables' })
  async tables(): Promise<string[]> {
    const { rows } = await this.session.query<{ name: string }>('select tablename as name from pg_tables')
    return rows.map(({ name }) => name)
  }
}
// #endregion

const pool = new Pool()
const service = new ReportService(createNodePgSession(pool))

// #region compare
tracking.observe({
  queryEnded: ({ operation, statementCount }) => console.log(operation, 'statements:', statementCount ?? 'unknown'),
})

await service.tables()
configureTracking({ asyncContext: true })
await service.tables()
// #endregion

await pool.end()
