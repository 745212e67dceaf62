import { createTracker, type Session, type TransactionEvent } from '@pgtally/core'
import { createSession } from '@pgtally/core/adapter'
import fc, { type Scheduler } from 'fast-check'
import { exactly, fact, none } from './figure.ts'
import { codeOf } from './rejection-of.ts'
import type { ScriptedScenario } from './scenario.ts'
import { createScriptedDriver } from './scripted-driver.ts'

interface Program {
  readonly beginFails: boolean
  readonly commit: 'COMMIT' | 'ROLLBACK' | 'refused' | 'lost'
  readonly isLost: boolean
  readonly steps: readonly ('statement' | 'failing statement' | 'savepoint' | 'failing savepoint' | 'pause')[]
  /** Statements that are started and not awaited. */
  readonly isHasty: boolean
  readonly swallows: boolean
  readonly throws: boolean
  readonly observer: 'listens' | 'throws' | 'rejects' | 'queries'
}

const programs: fc.Arbitrary<Program> = fc.record({
  beginFails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  commit: fc.constantFrom('COMMIT', 'COMMIT', 'COMMIT', 'ROLLBACK', 'refused', 'lost'),
  isLost: fc.boolean(),
  steps: fc.array(
    fc.constantFrom('statement', 'statement', 'failing statement', 'savepoint', 'failing savepoint', 'pause'),
    { maxLength: 5 },
  ),
  isHasty: fc.boolean(),
  swallows: fc.boolean(),
  throws: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  observer: fc.constantFrom('listens', 'throws', 'rejects', 'queries'),
})

type Tally = Map<string, number>

/** Everything that can happen to a transaction, in every order: core is fed by a driver whose steps a scheduler puts in order. */
export const interleavings: ScriptedScenario = {
  name: 'interleavings',
  title: 'begin, statements, COMMIT, loss and observers, in any order',
  needs: 'nothing',
  async run({ size, seed }) {
    const count = size === 'full' ? 10_000 : 800
    const tally: Tally = new Map()
    let ran = 0
    const property = fc.asyncProperty(fc.scheduler(), programs, async (scheduler, program) => {
      ran += 1
      const wrong = await runProgram(scheduler, program, tally)
      if (wrong.length > 0) throw new Error(wrong.join('; '))
    })
    const found = await fc.check(property, { seed, numRuns: count, endOnFailure: false })
    const failure = found.failed ? [`${fc.stringify(found.counterexample)} ${found.errorInstance}`] : []
    const seen = (what: string) => tally.get(what) ?? 0
    return [
      none('schedules that broke a law', failure),
      exactly('schedules', ran, count),
      fact('committed', seen('committed')),
      fact('rolled back', seen('rolled_back')),
      fact('unknown', seen('unknown')),
      fact('lost while it was open', seen('lost')),
    ]
  },
}

async function runProgram(scheduler: Scheduler, program: Program, tally: Tally): Promise<readonly string[]> {
  const scripted = createScriptedDriver({
    ...program,
    step: (what) => scheduler.schedule(Promise.resolve(), what),
  })
  const session = createSession(scripted.driver)
  const wrong: string[] = []
  const events: TransactionEvent[] = []
  const monitored: unknown[] = []
  const tracker = createTracker({
    onMonitorError: (error) => void monitored.push(error),
    observers: [
      { transactionEnded: () => observe(program, session) },
      { transactionEnded: (event) => void events.push(event) },
    ],
  })
  const thrown = new Error('thrown by the work')
  const statementErrors = new Set<unknown>()
  let handle: Session | undefined
  let workCalls = 0
  let settledCount = 0
  const tracked = tracker.withTransactionTracking(
    async (transaction: Session) => {
      workCalls += 1
      handle = transaction
      for (const [index, step] of program.steps.entries()) {
        const doing = perform(step, index, transaction, scheduler)
        const noted = doing.catch((error) => {
          statementErrors.add(error)
          throw error
        })
        noted.catch(() => {})
        if (program.isHasty) continue
        if (program.swallows) await noted.catch(() => {})
        else await noted
      }
      if (program.throws) throw thrown
      return 'result'
    },
    { operation: 'interleaved' },
  )
  const settled = tracked(session).then(
    (value) => {
      settledCount += 1
      return { value }
    },
    (error: unknown) => {
      settledCount += 1
      return { error }
    },
  )
  const result = await scheduler.waitFor(settled)
  await scheduler.waitIdle()

  const { begun, end, verdict, faults, loss } = scripted
  wrong.push(...faults)
  const outcome = end?.outcome ?? 'rolled_back'
  tally.set(outcome, (tally.get(outcome) ?? 0) + 1)
  if (loss !== undefined) tally.set('lost', (tally.get('lost') ?? 0) + 1)
  if (settledCount !== 1) wrong.push(`settled ${settledCount} times`)
  if (workCalls !== (begun ? 1 : 0)) wrong.push(`the work was called ${workCalls} times`)
  if (events.length !== 1) wrong.push(`${events.length} events`)
  if (events[0]?.outcome !== outcome) wrong.push(`${outcome} reported as ${events[0]?.outcome}`)
  if ('value' in result !== (outcome === 'committed')) wrong.push(`${outcome}, and ${JSON.stringify(result)}`)
  if (verdict === 'commit' && program.throws) wrong.push('COMMIT though the work threw')
  if ('error' in result) {
    if (verdict === 'rollback' && result.error !== thrown && !statementErrors.has(result.error))
      wrong.push('rejected with another value than was thrown')
    if (verdict === 'commit' && end?.outcome === 'rolled_back' && !('error' in end) && !isSilent(result.error))
      wrong.push('a silent rollback was not told')
    if (end !== undefined && verdict === 'commit' && 'error' in end && result.error !== end.error)
      wrong.push("rejected with another error than the server's")
  }
  const isMonitored = program.observer === 'throws' || program.observer === 'rejects'
  if (isMonitored !== monitored.length > 0) wrong.push(`${monitored.length} errors of the observer were counted`)
  if (handle !== undefined) {
    const late = await scheduler.waitFor(
      handle.query('select late').then(
        () => 'ran',
        (error) => codeOf(error),
      ),
    )
    if (late !== 'PGTALLY_TRANSACTION_CLOSED') wrong.push(`a late statement: ${late}`)
  }
  return wrong
}

const isSilent = (error: unknown) => codeOf(error) === 'PGTALLY_COMMIT_ROLLED_BACK'

/** Nobody declares that an observer returns something; it must not hurt either. */
function observe({ observer }: Program, session: Session): Promise<never> | undefined {
  if (observer === 'throws') throw new Error('an observer')
  if (observer === 'rejects') return Promise.reject(new Error('an observer'))
  if (observer === 'queries') session.query('select 1').catch(() => {})
  return undefined
}

async function perform(
  step: Program['steps'][number],
  index: number,
  transaction: Session,
  scheduler: Scheduler,
): Promise<void> {
  if (step === 'pause') await scheduler.schedule(Promise.resolve(), 'pause')
  else if (step === 'statement') await transaction.query(`select ${index}`)
  else if (step === 'failing statement') await transaction.query(`select fail ${index}`)
  else
    await transaction.transaction(async (inner) => {
      await inner.query(`select ${index}`)
      if (step === 'failing savepoint') await inner.query(`select fail ${index}`)
    })
}
