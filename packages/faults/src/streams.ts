import { createTracker, type QueryEvent, type Session } from '@pgtally/core'
import { exactly, none } from './figure.ts'
import { pollUntil } from './poll-until.ts'
import { rejectionOf } from './rejection-of.ts'
import type { ServerRun, ServerScenario } from './scenario.ts'
import { withinDeadline } from './within-deadline.ts'

interface Row {
  readonly n: number
  readonly pid: number
}

type Open = (text?: string) => AsyncIterable<Row>

interface Case {
  readonly what: string
  /** How many events; one for each reading that began. */
  readonly events: number
  readonly outcome?: 'success' | 'error'
  /** Its transaction cannot commit any more. */
  readonly spoils?: boolean
  /** Throws where something is wrong. */
  use(open: Open, server: ServerRun['server']): Promise<void>
}

const numbers = (upTo: number) => `select n, pg_backend_pid() as pid from generate_series(1, ${upTo}) as n`
const failing = 'select 100 / (25 - n) as n, pg_backend_pid() as pid from generate_series(1, 50) as n'

const readAll = async (rows: AsyncIterable<Row>): Promise<number[]> => {
  const seen: number[] = []
  for await (const { n } of rows) seen.push(n)
  return seen
}
const must = (isSo: boolean, what: string) => {
  if (!isSo) throw new Error(what)
}

/** Each way in which a stream's reading can end. */
const cases: readonly Case[] = [
  {
    what: 'read to its end',
    events: 1,
    use: async (open) => must((await readAll(open())).length === 100, 'rows are missing'),
  },
  {
    what: 'left by break',
    events: 1,
    async use(open) {
      for await (const { n } of open()) if (n === 15) break
    },
  },
  {
    what: 'left by a throw of its consumer',
    events: 1,
    async use(open) {
      const mine = new Error('mine')
      const consume = async () => {
        for await (const { n } of open()) if (n === 15) throw mine
      }
      const rejection = await rejectionOf(consume())
      must(typeof rejection !== 'string' && rejection.error === mine, 'another error')
    },
  },
  {
    what: 'an error of the server midway',
    events: 1,
    outcome: 'error',
    spoils: true,
    async use(open) {
      const rejection = await rejectionOf(readAll(open(failing)))
      must(typeof rejection !== 'string' && (rejection.error as { code?: string }).code === '22012', 'no 22012')
    },
  },
  {
    what: 'an error of the server at once',
    events: 1,
    outcome: 'error',
    spoils: true,
    async use(open) {
      const rejection = await rejectionOf(readAll(open('select * from missing')))
      must(typeof rejection !== 'string' && (rejection.error as { code?: string }).code === '42P01', 'no 42P01')
    },
  },
  { what: 'never read', events: 0, use: async (open) => void open() },
  {
    what: 'return before next',
    events: 0,
    async use(open) {
      const iterator = open()[Symbol.asyncIterator]()
      await iterator.return?.()
      must((await iterator.next()).done === true, 'there are rows after return')
    },
  },
  {
    what: 'return while next is under way',
    events: 1,
    async use(open) {
      const iterator = open()[Symbol.asyncIterator]()
      const first = iterator.next()
      await Promise.all([first, iterator.return?.()])
      must((await iterator.next()).done === true, 'there are rows after return')
    },
  },
  {
    what: 'iterated twice',
    events: 1,
    async use(open) {
      const rows = open()
      must((await readAll(rows)).length === 100, 'rows are missing')
      must((await readAll(rows)).length === 0, 'the second time there are rows')
    },
  },
  {
    what: 'next after the end',
    events: 1,
    async use(open) {
      const iterator = open(numbers(1))[Symbol.asyncIterator]()
      for (let round = 0; round < 4; round += 1) must((await iterator.next()).done === round > 0, 'not done')
    },
  },
  {
    what: 'several next at once',
    events: 1,
    async use(open) {
      const iterator = open(numbers(3))[Symbol.asyncIterator]()
      const all = await Promise.all([1, 2, 3, 4, 5].map(() => iterator.next()))
      must(all.map(({ value }) => value?.n).join() === '1,2,3,,', 'rows in another order')
    },
  },
]

export const streams: ServerScenario = {
  name: 'streams',
  title: 'streams that are left, fail, are abandoned or lose their backend',
  needs: 'server',
  async run(run) {
    const { server, driver } = run
    await server.clear()
    const opened = driver.open({ connectionString: server.connectionString, max: 1 })
    const { session } = opened
    const wrong: string[] = []
    let count = 0
    for (const one of cases) {
      for (const place of ['on a pool', 'in a transaction'] as const) {
        count += 1
        const found = await check(one, place, session, run)
        wrong.push(...[...found, ...opened.leaks()].map((sentence) => `${one.what}, ${place}: ${sentence}`))
        // One connection: had it not been given back, this would hang.
        const { status } = await withinDeadline(session.query('select 1'), 5000)
        if (status !== 'fulfilled') wrong.push(`${one.what}, ${place}: then a statement is ${status}`)
      }
    }
    const abandoned = await abandon(session)
    const lost = await loseBackends(run, session)
    const left = await pollUntil('all is given back', async () =>
      opened.leaks().length === 0 ? ([] as string[]) : undefined,
    ).catch(() => opened.leaks())
    await opened.close()
    return [
      exactly('cases', count, cases.length * 2),
      none('cases that went wrong', wrong),
      none('abandoned in a transaction', abandoned),
      none('its backend lost', lost),
      none('things not given back', left),
    ]
  },
}

async function check(one: Case, place: 'on a pool' | 'in a transaction', session: Session, { server }: ServerRun) {
  const events: QueryEvent[] = []
  const tracker = createTracker({ observers: [{ queryEnded: (event) => void events.push(event) }] })
  const tracked = tracker.withStreamTracking(
    (on: Session, text: string) => on.stream<Row>(text, [], { batchSize: 10 }),
    { operation: 'read' },
  )
  const openOn =
    (on: Session): Open =>
    (text = numbers(100)) =>
      tracked(on, text)
  const wrong: string[] = []
  const use = (on: Session) => one.use(openOn(on), server)
  const settled = await withinDeadline(place === 'on a pool' ? use(session) : session.transaction(use), 10_000)
  const code = settled.status === 'rejected' ? (settled.reason as { code?: string }).code : undefined
  const isRight =
    place === 'in a transaction' && one.spoils ? code === 'PGTALLY_COMMIT_ROLLED_BACK' : settled.status === 'fulfilled'
  if (!isRight) wrong.push(settled.status === 'rejected' ? String(settled.reason) : settled.status)
  const outcomes = events.map(({ outcome }) => outcome)
  const expected = Array.from({ length: one.events }, () => one.outcome ?? 'success')
  if (outcomes.join() !== expected.join()) wrong.push(`events ${outcomes.join()}`)
  return wrong
}

/** Nobody reads on: the end of the transaction closes it. */
async function abandon(session: Session): Promise<readonly string[]> {
  const ended = session.transaction(async (transaction) => {
    await transaction.query('create table kept (n int)')
    const iterator = transaction.stream<Row>(numbers(1000), [], { batchSize: 10 })[Symbol.asyncIterator]()
    await iterator.next()
    return iterator
  })
  const settled = await withinDeadline(ended, 5000)
  if (settled.status !== 'fulfilled') return [`the transaction is ${settled.status}`]
  const rest = await withinDeadline(readAll({ [Symbol.asyncIterator]: () => settled.value }), 5000)
  if (rest.status === 'hanging') return ['reading on hangs']
  const kept = await session.query(`select to_regclass('kept') is not null as is_there`)
  return (kept.rows[0] as { is_there: boolean }).is_there ? [] : ['the transaction was not committed']
}

/** While rows are read, with either kind of kill: the reading rejects, and the pool works again. */
async function loseBackends({ server }: ServerRun, session: Session): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const how of ['terminate', 'kill -9'] as const) {
    const read = async () => {
      for await (const { n, pid } of session.stream<Row>(numbers(100_000), [], { batchSize: 10 })) {
        if (n === 15) await server.kill([pid], how)
      }
    }
    const rejection = await rejectionOf(read())
    if (typeof rejection === 'string') wrong.push(`${how}: ${rejection}`)
    const works = await pollUntil('the pool works again', async () => {
      const { status } = await withinDeadline(session.query('select 1'), 5000)
      return status === 'rejected' ? undefined : status
    })
    if (works === 'hanging') wrong.push(`${how}: then the pool hangs`)
  }
  return wrong
}
