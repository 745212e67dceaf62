import { isConnectionFatal } from '../errors/connection-fatal.ts'
import type { SessionCapabilities, TransactionOptions } from '../session/session.ts'
import type {
  DriverCursor,
  DriverResult,
  DriverStatement,
  DriverTransaction,
  PendingStatement,
  SessionDriver,
  TransactionEnd,
} from '../session/session-driver.ts'
import type { Script, ScriptedAnswer } from './script.ts'

/** Something that was sent, as plain data. */
export interface RecordedStep {
  readonly kind:
    | 'begin'
    | 'query'
    | 'stream'
    | 'savepoint'
    | 'rollback to savepoint'
    | 'release savepoint'
    | 'commit'
    | 'rollback'
  readonly text: string
  readonly values?: readonly unknown[]
  /** Number of the transaction it ran in, from 1; absent outside one. */
  readonly transaction?: number
}

/** As a server would say it. */
const sqlError = (sqlState: string, message: string) =>
  Object.assign(new Error(message), { code: sqlState, severity: 'ERROR' })

const kindOf = (text: string): RecordedStep['kind'] => {
  const control = (['rollback to savepoint', 'release savepoint', 'savepoint'] as const).find((kind) =>
    text.startsWith(`${kind} pgtally_`),
  )
  return control ?? 'query'
}

const resultOf = (text: string, { rows = [], rowCount, command, ...rest }: ScriptedAnswer): DriverResult => {
  if ('error' in rest) throw rest.error
  const count = rowCount ?? rows.length
  return {
    rows: [...rows],
    rowCount: count,
    command: command ?? /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase(),
    statementCount: 1,
    totalRowCount: count,
  }
}

/** The state of a transaction as PostgreSQL keeps it: aborted by a failed statement, healed by ROLLBACK TO. */
interface FakeTransaction {
  readonly number: number
  aborted: boolean
  /** Ends with the last statement sent: one runs at a time, in the order of the calls. */
  lane: Promise<unknown>
}

export const createRecordingDriver = (
  capabilities: SessionCapabilities,
  steps: RecordedStep[],
  script: Script,
): SessionDriver => {
  let transactions = 0

  const record = (
    kind: RecordedStep['kind'],
    text: string,
    values: readonly unknown[] | undefined,
    within?: FakeTransaction,
  ) =>
    void steps.push({
      kind,
      text,
      ...(values === undefined ? {} : { values }),
      ...(within === undefined ? {} : { transaction: within.number }),
    })

  const answer = async (
    statement: Pick<DriverStatement, 'text' | 'values'>,
    within?: FakeTransaction,
  ): Promise<DriverResult> => {
    const { text, values } = statement
    if (text.startsWith('rollback to savepoint') && within !== undefined) within.aborted = false
    if (within?.aborted) throw sqlError('25P02', 'current transaction is aborted')
    try {
      return resultOf(text, await script.answer({ text, values }))
    } catch (error) {
      if (within !== undefined) within.aborted = true
      throw error
    }
  }

  const start = (statement: DriverStatement, within?: FakeTransaction): PendingStatement => {
    let cancel = () => {}
    const canceled = new Promise<never>((_, reject) => {
      cancel = () => {
        if (within !== undefined) within.aborted = true
        reject(sqlError('57014', 'canceling statement due to user request'))
      }
    })
    const answered = within === undefined ? answer(statement) : within.lane.then(() => answer(statement, within))
    const result = Promise.race([answered, canceled])
    if (within !== undefined) within.lane = result.catch(() => {})
    return { result, cancel, abandon: cancel }
  }

  const send = (statement: DriverStatement, within?: FakeTransaction): PendingStatement => {
    record(kindOf(statement.text), statement.text, statement.values, within)
    return start(statement, within)
  }

  const read = (statement: DriverStatement, batchSize: number, within?: FakeTransaction): DriverCursor => {
    let pending: PendingStatement | undefined
    let rows: unknown[] | undefined
    return {
      async next() {
        if (rows === undefined) {
          record('stream', statement.text, statement.values, within)
          pending = start(statement, within)
          rows = (await pending.result).rows
        }
        return rows.splice(0, batchSize)
      },
      close: async () => {
        rows = []
      },
      cancel: () => pending?.cancel(),
      abandon: () => pending?.abandon(),
    }
  }

  const finish = async (within: FakeTransaction, verdict: 'commit' | 'rollback'): Promise<TransactionEnd> => {
    record(verdict, verdict, undefined, within)
    const { aborted } = within
    within.aborted = false
    try {
      await answer({ text: verdict, values: undefined }, within)
    } catch (error) {
      if (verdict === 'rollback') return { outcome: 'rolled_back', rollbackError: error }
      return isConnectionFatal(error) ? { outcome: 'unknown', error } : { outcome: 'rolled_back', error }
    }
    return { outcome: verdict === 'commit' && !aborted ? 'committed' : 'rolled_back' }
  }

  return {
    capabilities,
    query: (statement) => send(statement),
    stream: (statement, batchSize) => read(statement, batchSize),
    async transaction(options, work) {
      const within: FakeTransaction = { number: ++transactions, aborted: false, lane: Promise.resolve() }
      record('begin', beginText(options), undefined, within)
      await answer({ text: beginText(options), values: undefined })
      const connection: DriverTransaction = {
        query: (statement) => send(statement, within),
        stream: (statement, batchSize) => read(statement, batchSize, within),
        discard: () => {},
      }
      const verdict = await work(connection)
      return verdict === 'abandon' ? { outcome: 'rolled_back' } : finish(within, verdict)
    },
  }
}

const beginText = ({ isolationLevel, readOnly, deferrable }: TransactionOptions): string =>
  [
    'begin',
    isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`,
    readOnly === undefined ? '' : readOnly ? ' read only' : ' read write',
    deferrable === undefined ? '' : deferrable ? ' deferrable' : ' not deferrable',
  ].join('')
