import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Session } from '../session/session.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const setUp = () => {
  const clock = createManualClock({ epochMs: 1_000_000 })
  const observer = createRecordingObserver()
  const tracker = createTracker({ clock, observers: [observer] })
  const recording = createRecordingSession()
  const { when } = recording
  /** What is sent takes this long. */
  const takes = (text: string | RegExp, ms: number) =>
    when(text, () => {
      clock.advance(ms)
      return {}
    })
  return { clock, observer, tracker, takes, ...recording }
}

const refused = (code: string) => ({ error: Object.assign(new Error('refused'), { code }) })

describe('a tracked transaction on a Session', () => {
  it('of a savepoint has its depth, its own statements and outcome; the outer one counts all', async () => {
    const { tracker, observer, session, when, steps } = setUp()
    when('bad', refused('23505'))
    const inner = tracker.withTransactionTracking(
      async (savepoint, text: string) => void (await savepoint.query(text)),
      { operation: 'inner' },
    )
    const outer = tracker.withTransactionTracking(
      async (transaction) => {
        await transaction.query('select 1')
        await inner(transaction, 'select 2')
        await inner(transaction, 'bad').catch(() => {})
        await transaction.transaction((savepoint) => inner(savepoint, 'select 3'))
      },
      { operation: 'outer' },
    )
    await outer(session)
    const shown = observer.transactions.map(({ operation, depth, outcome, statementCount }) => [
      operation,
      depth,
      outcome,
      statementCount,
    ])
    expect(shown).toEqual([
      ['inner', 1, 'committed', 1],
      ['inner', 1, 'rolled_back', 1],
      ['inner', 2, 'committed', 1],
      ['outer', 0, 'committed', 4],
    ])
    expect(new Set(observer.transactions.map(({ id }) => id)).size).toBe(4)
    expect(steps.filter(({ kind }) => kind === 'begin')).toHaveLength(1)
  })

  it('inside a tracked query adds its statements to that query', async () => {
    const { tracker, observer, session } = setUp()
    const transfer = tracker.withTransactionTracking((transaction) => transaction.query('update'), { operation: 'tx' })
    await tracker.withQueryTracking(
      async (given: Session) => {
        await given.query('select')
        await transfer(given)
      },
      { operation: 'outer' },
    )(session)
    expect(observer.queries[0]).toMatchObject({ operation: 'outer', statementCount: 2 })
  })

  it('gives BEGIN its options, and passes this, the rest of the arguments and the very value', async () => {
    const { tracker, session, steps } = setUp()
    const value = {}
    const fn = tracker.withTransactionTracking(
      async function (this: unknown, transaction: Session, ...rest: unknown[]) {
        await transaction.query('select 1')
        return { self: this, rest, value }
      },
      { operation: 'op', isolationLevel: 'serializable', readOnly: true, deferrable: true },
    )
    const self = { fn }
    const seen = await self.fn(session, 1, undefined)
    expect(seen).toEqual({ self, rest: [1, undefined], value })
    expect(seen.value).toBe(value)
    expect(steps[0]?.text).toBe('begin isolation level serializable read only deferrable')
  })
})
