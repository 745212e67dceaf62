import { setTimeout as delay } from 'node:timers/promises'
import { createTracker, type Session } from '@pgtally/core'
import { driverNamed } from './drivers/drivers.ts'
import type { OpenedSession } from './drivers/fault-driver.ts'
import type { Kill } from './fault-server.ts'
import { type ChildMessage, type KillBatch, type KillRound, type KillTask, settleWithinMs } from './kill-messages.ts'
import type { KillPoint } from './kill-points.ts'
import { createSeededRandom } from './seeded-random.ts'
import { untilItWorks } from './until-it-works.ts'
import { withinDeadline } from './within-deadline.ts'

export interface KillParent {
  send(message: ChildMessage): void
  /** Resolves when the backends are gone. */
  kill(point: KillPoint, how: Kill): Promise<void>
}

/** Runs transactions, each of which loses its backend. */
export async function runKillTask(task: KillTask, parent: KillParent): Promise<void> {
  const driver = driverNamed(task.driver)
  if (task.bare) {
    for (const { how } of task.batches) await runBare(driver.openBare(task.connectionString), how, parent)
    return
  }
  const random = createSeededRandom(task.seed)
  const opened = driver.open({ connectionString: task.connectionString, max: 1 + Math.floor(random() * 3) })
  for (const batch of task.batches) {
    for (const round of batch.rounds) {
      parent.send({ kind: 'round', round: await runRound(opened, batch, round, random, parent) })
    }
  }
  await opened.close()
}

async function runBare(
  transaction: ReturnType<ReturnType<typeof driverNamed>['openBare']>,
  how: Kill,
  parent: KillParent,
): Promise<void> {
  const insert = `insert into written values (-1, 'bare')`
  await transaction([insert, insert], () => parent.kill('between statements', how)).catch(() => {})
  // It crashes in a later turn of the loop, if it does.
  await delay(200)
}

async function runRound(
  { session, leaks }: OpenedSession,
  { point, how }: KillBatch,
  round: number,
  random: () => number,
  parent: KillParent,
): Promise<KillRound> {
  const table = point === 'in COMMIT' ? 'slow_to_commit' : 'written'
  /** The work goes on as if nothing had happened. */
  const swallows = random() < 0.3
  const extraStatements = Math.floor(random() * 3)
  const outcomes: string[] = []
  const handles: Session[] = []
  let killed = (): void => {}
  const whenKilled = new Promise<void>((resolve) => {
    killed = resolve
  })
  const kill = () => parent.kill(point, how).then(killed)
  const insert = (on: Session, what: string) => on.query(`insert into ${table} values ($1, $2)`, [round, what])
  const tracker = createTracker({
    observers: [{ transactionEnded: ({ outcome }) => void outcomes.push(outcome) }],
  })
  const transfer = tracker.withTransactionTracking(
    async (transaction: Session) => {
      handles.push(transaction)
      try {
        if (point === 'after BEGIN') await kill()
        await insert(transaction, 'first')
        if (point === 'in a statement') {
          const behind = Array.from({ length: extraStatements }, () => insert(transaction, 'behind'))
          const statements = [transaction.query('select pg_sleep(60)'), ...behind, kill()]
          // Those that nobody awaits any more must not end the process.
          for (const statement of statements) statement.catch(() => {})
          await Promise.all(statements)
        }
        if (point === 'between statements') await kill()
        await insert(transaction, 'second')
      } catch (error) {
        if (!swallows) throw error
      }
      if (point === 'in COMMIT') void kill()
    },
    { operation: 'transfer' },
  )

  await untilItWorks(session)
  if (point === 'before BEGIN') await kill()
  const running = transfer(session)
  const early = running.then(
    () => {},
    () => {},
  )
  if (point === 'after COMMIT') await early.then(kill)
  await Promise.race([early, whenKilled])
  const killedAt = performance.now()
  const { status: settled } = await withinDeadline(running, settleWithinMs)
  const settledAt = performance.now()

  const late = { fulfilled: 0, rejected: 0, hanging: 0 }
  const useLate = async () => {
    const uses: Promise<unknown>[] = handles.flatMap<Promise<unknown>>((handle) => [
      insert(handle, 'late'),
      handle.transaction((inner) => insert(inner, 'late in a savepoint')),
      readOne(handle, `insert into written values (${round}, 'late in a stream') returning 1`),
    ])
    for (const use of await Promise.all(uses.map((one) => withinDeadline(one, settleWithinMs)))) late[use.status] += 1
  }
  await useLate()
  await untilItWorks(session)
  const recoverMs = performance.now() - settledAt
  // Now the pool has another connection, onto which a statement could escape.
  await useLate()
  return {
    round,
    point,
    how,
    settled,
    settleMs: settledAt - killedAt,
    recoverMs,
    outcomes,
    late,
    leaks: leaks(),
  }
}

async function readOne(session: Session, text: string): Promise<void> {
  for await (const _ of session.stream(text)) return
}
