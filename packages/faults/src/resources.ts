import { classifyError } from '@pgtally/core'
import { Client } from 'pg'
import { exactly, fact, none } from './figure.ts'
import { rejectionOf } from './rejection-of.ts'
import type { ServerRun, ServerScenario } from './scenario.ts'
import { withinDeadline } from './within-deadline.ts'

const raise = (code: string) => `do $$ begin raise exception 'no more' using errcode = '${code}'; end $$`

/** A server, and a protocol, that are at their limits. */
export const resources: ServerScenario = {
  name: 'resources',
  title: 'no more disk, memory, temporary files, connections or parameters',
  needs: 'server',
  async run(run) {
    const { server, driver } = run
    await server.clear()
    await server.look(`
      drop role if exists limited;
      create role limited login password 'limited'`)
    const opened = driver.open({ connectionString: server.connectionString, max: 1 })
    const { session } = opened
    const wrong: string[] = []
    const expect = async (what: string, promise: Promise<unknown>, kind: string, sqlState?: string) => {
      const rejection = await rejectionOf(promise)
      const found = typeof rejection === 'string' ? rejection : classifyError(rejection.error)
      const text = typeof found === 'string' ? found : `${found.kind} ${found.sqlState ?? ''}`.trim()
      if (text !== `${kind} ${sqlState ?? ''}`.trim()) wrong.push(`${what}: ${text}`)
      const { status } = await withinDeadline(session.query('select 1'), 5000)
      if (status !== 'fulfilled') wrong.push(`${what}: then a statement is ${status}`)
    }

    await expect(
      'temp_file_limit',
      session.transaction(async (transaction) => {
        await transaction.query(
          `select set_config('temp_file_limit', '64kB', true), set_config('work_mem', '64kB', true)`,
        )
        await transaction.query('select n from generate_series(1, 20000) as n order by md5(n::text)')
      }),
      'resource_exhausted',
      '53400',
    )
    await expect('disk full', session.query(raise('53100')), 'disk_full', '53100')
    await expect('out of memory', session.query(raise('53200')), 'out_of_memory', '53200')
    await expect(
      'out of memory, in a transaction',
      session.transaction((transaction) => transaction.query(raise('53200'))),
      'out_of_memory',
      '53200',
    )
    const tooMany = await withAllConnectionsTaken(run, (full) =>
      expect('too many connections', full.query('select 1'), 'too_many_connections', '53300'),
    )
    const parameters = await sendParameters(run)
    wrong.push(...parameters.wrong)
    const left = opened.leaks()
    await opened.close()
    return [
      none('faults of another kind, or with an effect on what follows', wrong),
      exactly(
        'connections opened by hand until the server refused',
        tooMany > 5 ? 'more than 5' : tooMany,
        'more than 5',
      ),
      fact('65 535 parameters', parameters.atLimit),
      fact('65 536 parameters', parameters.beyond),
      none('things not given back', left),
    ]
  },
}

/** How many connections could be opened by a role that has none of those that are kept for superusers. */
async function withAllConnectionsTaken(
  { server, driver }: ServerRun,
  use: (session: ReturnType<typeof driver.open>['session']) => Promise<void>,
): Promise<number> {
  const url = new URL(server.connectionString)
  url.username = 'limited'
  url.password = 'limited'
  const taken: Client[] = []
  for (;;) {
    const client = new Client({ connectionString: url.href })
    client.on('error', () => {})
    const { status } = await withinDeadline(client.connect(), 5000)
    if (status !== 'fulfilled') break
    taken.push(client)
  }
  const full = driver.open({ connectionString: url.href, max: 1 })
  await use(full.session)
  await full.close()
  await Promise.all(taken.map((client) => client.end()))
  return taken.length
}

/** The protocol counts parameters in two bytes. What a driver does beyond is its own affair; the pool must live on. */
async function sendParameters({ server, driver }: ServerRun) {
  const opened = driver.open({ connectionString: server.connectionString, max: 1 })
  const { session } = opened
  const wrong: string[] = []
  const send = async (count: number): Promise<string> => {
    const values = Array.from({ length: count }, () => 1)
    const text = `select ${values.map((_, index) => `$${index + 1}::int`).join('+')} as sum`
    // A sum is nested too deeply for the server's stack.
    const list = text.replace('select ', 'select cardinality(array[').replaceAll('+', ',').replace(' as', ']) as')
    const settled = await withinDeadline(
      session.transaction((transaction) => transaction.query<{ sum: number }>(list, values)),
      10_000,
    )
    const after = await withinDeadline(session.query('select 1'), 5000)
    if (settled.status === 'hanging') wrong.push(`${count} parameters hang`)
    if (after.status !== 'fulfilled') wrong.push(`${count} parameters: then a statement is ${after.status}`)
    if (settled.status === 'fulfilled' && settled.value.rows[0]?.sum !== count) wrong.push(`${count}: another number`)
    if (settled.status !== 'rejected') return settled.status
    const { kind, sqlState } = classifyError(settled.reason)
    return `${kind} ${sqlState ?? ''}`.trim()
  }
  // postgres.js refuses more by itself.
  const many = await send(65_533)
  if (many !== 'fulfilled') wrong.push(`65 533 parameters: ${many}`)
  const most = await send(65_535)
  const beyond = await send(65_536)
  if (beyond === 'fulfilled') wrong.push('65 536 parameters are more than the protocol can say')
  const leaks = opened.leaks()
  wrong.push(...leaks)
  await opened.close()
  return { wrong, atLimit: most, beyond }
}
