import { classifyError } from '@pgtally/core'
import { exactly, fact, none } from './figure.ts'
import { rejectionOf } from './rejection-of.ts'
import type { ServerScenario } from './scenario.ts'
import { sqlStates } from './sql-states.ts'
import { withinDeadline } from './within-deadline.ts'

/** Every code of PostgreSQL's table, raised on the server: the driver brings it over, and it gets the kind that it has by itself. */
export const raisedStates: ServerScenario = {
  name: 'sql-states',
  title: 'every SQLSTATE of PostgreSQL, through the driver',
  needs: 'server',
  async run({ server, driver }) {
    const opened = driver.open({ connectionString: server.connectionString, max: 1 })
    const wrong: string[] = []
    const kinds = new Set<string>()
    for (const code of sqlStates) {
      const raise = `do $$ begin raise exception 'raised' using errcode = '${code}'; end $$`
      const rejection = await rejectionOf(opened.session.query(raise))
      const expected = classifyError({ code, severity: 'ERROR' })
      const found = typeof rejection === 'string' ? undefined : classifyError(rejection.error)
      if (found?.kind !== expected.kind || found.sqlState !== code || found.retryable !== expected.retryable)
        wrong.push(`${code}: ${found?.kind ?? rejection}`)
      kinds.add(expected.kind)
    }
    const { status } = await withinDeadline(opened.session.query('select 1'), 5000)
    const left = opened.leaks()
    await opened.close()
    return [
      none('codes of another kind', wrong),
      fact('codes', sqlStates.length),
      fact('kinds', kinds.size),
      exactly('a statement afterwards', status, 'fulfilled'),
      none('things not given back', left),
    ]
  },
}
