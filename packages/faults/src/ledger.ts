import { createTracker, type Session, type TransactionEvent } from '@pgtally/core'
import { startFaultProxy } from '@pgtally/session-contract'
import { atLeast, exactly, fact, none } from './figure.ts'
import { injectFault, ledgerFaults } from './ledger-faults.ts'
import { pollUntil } from './poll-until.ts'
import type { ServerRun, ServerScenario } from './scenario.ts'
import { createSeededRandom } from './seeded-random.ts'
import { untilItWorks } from './until-it-works.ts'
import { withinDeadline } from './within-deadline.ts'

const accountCount = 50
const workerCount = 8
const hangsAfterMs = 15_000

type Outcome = TransactionEvent['outcome']

/** Transfers between accounts while connections and backends are lost; afterwards the table is compared with what was reported. */
export const ledger: ServerScenario = {
  name: 'ledger',
  title: 'transfers through a proxy that resets, drops and stalls, from backends that are killed',
  needs: 'server',
  async run(run) {
    const { server, size } = run
    const transferCount = size === 'full' ? 5000 : 180
    const faultCount = size === 'full' ? 200 : 6
    await server.clear()
    await server.look(`
      create table account (id int primary key, balance int not null);
      insert into account select id, 1000 from generate_series(1, ${accountCount}) as id;
      create table transfer (id int primary key, amount int not null)`)
    const done = await transferUnderFire(run, transferCount, faultCount)
    // A backend may still be at work on a COMMIT whose connection is gone.
    await pollUntil('no backend is at work', async () =>
      (await server.backends(`state <> 'idle'`)).length === 0 ? true : undefined,
    )
    const rows = await server.look<{ id: number }>('select id from transfer')
    const stored = new Set(rows.map(({ id }) => id))
    const total = await server.look<{ sum: number }>('select sum(balance)::int as sum from account')
    const ids = (outcome: Outcome) => [...done.outcomes].filter(([, one]) => one === outcome).map(([id]) => id)
    const ok = ids('committed')
    const allowed = new Set([...ok, ...ids('unknown')])
    return [
      exactly('transfers', done.outcomes.size, transferCount),
      exactly('faults', done.faultCount, faultCount),
      none('transfers that hang', done.hanging.map(String)),
      none('reported committed, and not stored', ok.filter((id) => !stored.has(id)).map(String)),
      none('stored, and reported rolled back', [...stored].filter((id) => !allowed.has(id)).map(String)),
      exactly('total of all balances', total[0]?.sum ?? 0, accountCount * 1000),
      none('reported otherwise than the call ended, or not once', done.contradictions),
      exactly("committed by the tracker's snapshot", done.snapshotCommitted, ok.length),
      exactly("calls by the tracker's snapshot", done.snapshotCalls, transferCount),
      none('things not given back', done.leaks),
      atLeast('committed', ok.length, transferCount / 4),
      fact('rolled back', ids('rolled_back').length),
      fact('unknown', ids('unknown').length),
      fact('unknown, and stored', ids('unknown').filter((id) => stored.has(id)).length),
      fact('longest transfer (ms)', Math.round(done.longestMs)),
      fact('longest until the pool works again (ms)', Math.round(done.longestRecoveryMs)),
    ]
  },
}

interface Done {
  readonly outcomes: ReadonlyMap<number, Outcome>
  readonly hanging: readonly number[]
  readonly contradictions: readonly string[]
  readonly faultCount: number
  readonly snapshotCommitted: number
  readonly snapshotCalls: number
  readonly leaks: readonly string[]
  readonly longestMs: number
  readonly longestRecoveryMs: number
}

async function transferUnderFire(
  { server, driver, seed }: ServerRun,
  transferCount: number,
  faultCount: number,
): Promise<Done> {
  const random = createSeededRandom(seed)
  const proxy = await startFaultProxy({ host: server.host, port: server.port }, random)
  const opened = driver.open({
    connectionString: server.connectionString,
    max: 6,
    via: proxy,
    // After n connections were reset postgres.js waits for 3 ** n / 100 s by itself, up to 20 s: that would be all there is to measure.
    reconnectDelayMs: 20,
  })
  const outcomes = new Map<number, Outcome>()
  const hanging: number[] = []
  const contradictions: string[] = []
  const transfersPerFault = transferCount / faultCount
  let longestMs = 0
  let longestRecoveryMs = 0
  let nextId = 1
  let injected = 0
  let waiting = 0
  let faults = Promise.resolve()

  /** One fault at a time; the workers don't run away from it. */
  const injectNext = async (): Promise<void> => {
    const fault = ledgerFaults[injected % ledgerFaults.length] ?? 'reset'
    injected += 1
    waiting += 1
    faults = faults.then(() => injectFault(fault, { proxy, server, random })).finally(() => (waiting -= 1))
    if (waiting > 1) await faults
  }

  const work = async (): Promise<readonly { readonly calls: number; readonly errors: number }[]> => {
    const events: TransactionEvent[] = []
    const tracker = createTracker({ observers: [{ transactionEnded: (event) => void events.push(event) }] })
    const transfer = tracker.withTransactionTracking(
      async (transaction: Session, id: number, from: number, to: number, amount: number) => {
        const move = 'update account set balance = balance + $1 where id = $2'
        await transaction.query(move, [-amount, from])
        await transaction.query(move, [amount, to])
        await transaction.query('insert into transfer values ($1, $2)', [id, amount])
      },
      { operation: 'transfer' },
    )
    while (nextId <= transferCount) {
      const id = nextId++
      if (id % transfersPerFault === 0) await injectNext()
      const [from, to, amount] = [accountCount, accountCount, 100].map((limit) => 1 + Math.floor(random() * limit))
      const startedAt = performance.now()
      const settled = await withinDeadline(
        transfer(opened.session, id, from as number, to as number, amount as number),
        hangsAfterMs,
      )
      longestMs = Math.max(longestMs, performance.now() - startedAt)
      const [event, ...more] = events.splice(0)
      if (settled.status === 'hanging') hanging.push(id)
      else if (event === undefined || more.length > 0) contradictions.push(`${id}: ${more.length + 1} events`)
      else if ((settled.status === 'fulfilled') !== (event.outcome === 'committed'))
        contradictions.push(`${id}: ${settled.status}, ${event.outcome}`)
      if (event !== undefined) outcomes.set(id, event.outcome)
      if (settled.status === 'hanging') break
      if (settled.status !== 'rejected') continue
      const rejectedAt = performance.now()
      await untilItWorks(opened.session)
      longestRecoveryMs = Math.max(longestRecoveryMs, performance.now() - rejectedAt)
    }
    return tracker.snapshot().map(({ calls, errors }) => ({
      calls,
      errors: Object.values(errors).reduce((sum, count) => sum + count, 0),
    }))
  }

  const counted = (await Promise.all(Array.from({ length: workerCount }, work))).flat()
  await faults
  await untilItWorks(opened.session)
  const leaks = opened.leaks()
  await opened.close()
  await proxy.close()
  const calls = counted.reduce((sum, one) => sum + one.calls, 0)
  return {
    outcomes,
    hanging,
    contradictions,
    faultCount: injected,
    snapshotCalls: calls,
    snapshotCommitted: calls - counted.reduce((sum, one) => sum + one.errors, 0),
    leaks,
    longestMs,
    longestRecoveryMs,
  }
}
