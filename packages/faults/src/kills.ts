import type { Kill } from './fault-server.ts'
import { atMost, exactly, fact, none } from './figure.ts'
import { type KillBatch, type KillRound, settleWithinMs } from './kill-messages.ts'
import { allKillPoints } from './kill-points.ts'
import { type KillResult, runKillProcess } from './run-kill-process.ts'
import type { ServerRun, ServerScenario } from './scenario.ts'

const ways: readonly Kill[] = ['terminate', 'kill -9']

/** Backends die at each point of a transaction's life. */
export const kills: ServerScenario = {
  name: 'kills',
  title: 'backends are terminated and killed at 6 points of a transaction',
  needs: 'server',
  async run(run) {
    const { server, size } = run
    await server.clear()
    await server.look(`
      create table written (round int, what text);
      create table slow_to_commit (like written);
      create function wait_at_commit() returns trigger language plpgsql
        as $$ begin perform pg_sleep(60); return null; end $$;
      create constraint trigger wait after insert on slow_to_commit deferrable initially deferred
        for each row execute function wait_at_commit()`)
    const batches = planBatches(size === 'full' ? 20 : 1)
    const results = await runBatches(run, batches)
    const rows = await server.look<{ round: number; what: string }>(
      'select * from written union all select * from slow_to_commit',
    )
    const bare = await runBare(run)
    const rounds = results.flatMap((result) => result.rounds)
    const planned = batches.flatMap((batch) => batch.rounds).length
    const counted = (outcome: string) => rounds.filter(({ outcomes }) => outcomes.includes(outcome)).length
    const late = (status: keyof KillRound['late']) => rounds.reduce((sum, round) => sum + round.late[status], 0)
    return [
      exactly('transactions', rounds.length, planned),
      none(
        'crashes',
        results.flatMap(({ crash }) => crash ?? []),
      ),
      none(
        'transactions that hang',
        rounds.filter(({ settled }) => settled === 'hanging').map((round) => nameOf(round)),
      ),
      atMost('longest from kill to end (ms)', longest(rounds, 'settleMs'), settleWithinMs),
      none(
        'transactions without exactly one event',
        rounds.filter(({ outcomes }) => outcomes.length !== 1).map((one) => `${nameOf(one)} ${one.outcomes.join()}`),
      ),
      none(
        'rows outside a committed transaction, or missing',
        rounds.flatMap((round) => wrongRows(round, rows)),
      ),
      exactly('late statements that ran', late('fulfilled'), 0),
      exactly('late statements that hang', late('hanging'), 0),
      fact('late statements that rejected', late('rejected')),
      none(
        'things not given back',
        rounds.flatMap((round) => round.leaks.map((leak) => `${nameOf(round)} ${leak}`)),
      ),
      fact('committed', counted('committed')),
      fact('rolled back', counted('rolled_back')),
      fact('unknown', counted('unknown')),
      fact('longest until the pool works again (ms)', longest(rounds, 'recoverMs')),
      exactly('crashes of the bare driver', bare.filter(({ crash }) => crash !== undefined).length, bare.length),
    ]
  },
}

const planBatches = (roundCount: number): readonly KillBatch[] => {
  let next = 1
  return allKillPoints.flatMap((point) =>
    ways.map((how) => ({ point, how, rounds: Array.from({ length: roundCount }, () => next++) })),
  )
}

/** In the small size one process runs them all. */
async function runBatches({ server, driver, seed, size }: ServerRun, batches: readonly KillBatch[]) {
  const tasks = size === 'full' ? batches.map((batch) => [batch]) : [batches]
  const results: KillResult[] = []
  for (const [index, task] of tasks.entries()) {
    const { connectionString } = server
    results.push(
      await runKillProcess({ driver: driver.name, connectionString, seed: seed + index, batches: task }, server),
    )
  }
  return results
}

/** That a crash is noticed at all, and that the bare driver still needs guarding. */
async function runBare({ server, driver, seed }: ServerRun): Promise<readonly KillResult[]> {
  const results: KillResult[] = []
  for (const how of ways) {
    const batches = [{ point: 'between statements', how, rounds: [] }] as const
    const { connectionString } = server
    results.push(await runKillProcess({ driver: driver.name, connectionString, seed, bare: true, batches }, server))
  }
  return results
}

function wrongRows(
  round: KillRound,
  allRows: readonly { readonly round: number; readonly what: string }[],
): readonly string[] {
  const found = allRows.filter((row) => row.round === round.round).map(({ what }) => what)
  const complete = found.length === 2 && found.includes('first') && found.includes('second')
  const right = { committed: complete, rolled_back: found.length === 0, unknown: complete || found.length === 0 }
  const [outcome] = round.outcomes
  const isRight = right[outcome as keyof typeof right] && (outcome === 'committed') === (round.settled === 'fulfilled')
  return isRight ? [] : [`${nameOf(round)} ${round.settled} ${outcome}: ${found.join()}`]
}

const nameOf = ({ round, point, how }: KillRound) => `${how} ${point} (${round})`

const longest = (rounds: readonly KillRound[], what: 'settleMs' | 'recoverMs') =>
  Math.round(Math.max(0, ...rounds.map((round) => round[what])))
