import type {
  DriverResult,
  DriverStatement,
  PendingStatement,
  SessionDriver,
  TransactionEnd,
  TransactionVerdict,
} from '@pgtally/core/adapter'

export type CommitAnswer = 'COMMIT' | 'ROLLBACK' | 'refused' | 'lost'

export interface Script {
  /** Resolves when the schedule says that it is this step's turn. */
  step(what: string): Promise<void>
  readonly beginFails: boolean
  readonly commit: CommitAnswer
  /** The connection is lost at a moment of the schedule's choice. */
  readonly isLost: boolean
}

/** What the driver saw, and what was wrong with it. */
export interface ScriptedDriver {
  readonly driver: SessionDriver
  readonly begun: boolean
  readonly verdict: TransactionVerdict | undefined
  readonly end: TransactionEnd | undefined
  /** The first error of a statement that was not a connection's, and no savepoint has undone. */
  readonly isAborted: boolean
  readonly loss: Error | undefined
  readonly faults: readonly string[]
}

export const connectionError = () =>
  Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
export const statementError = (text: string) => Object.assign(new Error(text), { code: '22012', severity: 'ERROR' })
export const refusal = () => Object.assign(new Error('refused'), { code: '40001', severity: 'ERROR' })

const empty: DriverResult = { rows: [], rowCount: 0, command: undefined, statementCount: 1, totalRowCount: 0 }

/** One connection whose server answers when the schedule wants it to. A text with `fail` in it fails. */
export const createScriptedDriver = (script: Script): ScriptedDriver => {
  let begun = false
  let verdict: TransactionVerdict | undefined
  let end: TransactionEnd | undefined
  let loss: Error | undefined
  let isAborted = false
  /** What RELEASE or ROLLBACK TO go back to. */
  const savepoints: string[] = []
  let lane: Promise<unknown> = Promise.resolve()
  let running = 0
  const faults: string[] = []

  const execute = (text: string): DriverResult => {
    const [, savepoint] = /savepoint (\w+)$/i.exec(text) ?? []
    if (savepoint !== undefined && /^rollback/i.test(text)) {
      if (!savepoints.includes(savepoint)) faults.push(`${text}: no such savepoint`)
      isAborted = false
      return empty
    }
    if (isAborted) throw Object.assign(new Error('aborted'), { code: '25P02', severity: 'ERROR' })
    if (savepoint !== undefined) {
      if (/^release/i.test(text)) savepoints.splice(savepoints.indexOf(savepoint), 1)
      else savepoints.push(savepoint)
      return empty
    }
    if (!text.includes('fail')) return empty
    isAborted = true
    throw statementError(text)
  }

  const query = ({ text }: DriverStatement): PendingStatement => {
    if (loss !== undefined) faults.push(`sent after the loss: ${text}`)
    if (verdict !== undefined) faults.push(`sent after the verdict: ${text}`)
    running += 1
    const turn = lane.then(() => script.step(text))
    const result = turn
      .then(() => {
        if (loss !== undefined) throw loss
        return execute(text)
      })
      .finally(() => {
        running -= 1
      })
    lane = result.catch(() => {})
    return { result, cancel() {}, abandon() {} }
  }

  const finish = async (given: TransactionVerdict): Promise<TransactionEnd> => {
    if (given === 'abandon') {
      if (loss === undefined) faults.push('abandoned without a loss')
      return { outcome: 'rolled_back' }
    }
    if (running > 0) faults.push(`${given} while ${running} statements run`)
    if (loss !== undefined) return { outcome: 'rolled_back', error: loss }
    await script.step(given)
    if (loss !== undefined) {
      return given === 'commit' ? { outcome: 'unknown', error: loss } : { outcome: 'rolled_back', rollbackError: loss }
    }
    if (given === 'rollback') return { outcome: 'rolled_back' }
    if (isAborted) return { outcome: 'rolled_back' }
    if (script.commit === 'refused') return { outcome: 'rolled_back', error: refusal() }
    if (script.commit === 'lost') return { outcome: 'unknown', error: connectionError() }
    return { outcome: script.commit === 'COMMIT' ? 'committed' : 'rolled_back' }
  }

  return {
    driver: {
      capabilities: { concurrentTransactions: false, statementTimeout: false, cancel: false, poolWait: true },
      query: () => ({ result: script.step('on the pool').then(() => empty), cancel() {}, abandon() {} }),
      stream() {
        throw new Error('not in the script')
      },
      async transaction(_options, work, call) {
        await script.step('begin')
        if (script.beginFails) throw connectionError()
        begun = true
        call.connected()
        const connection = { query, stream: () => neverOpened(), discard() {} }
        if (script.isLost) {
          void script.step('loss').then(() => {
            if (end !== undefined) return
            loss = connectionError()
            call.lost(loss)
          })
        }
        const given = await work(connection)
        verdict = given
        const came = await finish(given)
        end = came
        return came
      },
    },
    get begun() {
      return begun
    },
    get verdict() {
      return verdict
    },
    get end() {
      return end
    },
    get isAborted() {
      return isAborted
    },
    get loss() {
      return loss
    },
    faults,
  }
}

const neverOpened = (): never => {
  throw new Error('not in the script')
}
