import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import type { Session } from '../session/session.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const setUp = (asyncContext: boolean) => {
  const observer = createRecordingObserver()
  const tracker = createTracker({ asyncContext, observers: [observer] })
  const recording = createRecordingSession()
  recording.when('select', { rows: [1, 2] })
  return { observer, tracker, ...recording }
}

const turn = () => new Promise(setImmediate)

describe('asyncContext', () => {
  it('counts statements of functions that take their Session from elsewhere', async () => {
    const { tracker, observer, session } = setUp(true)
    class Users {
      readonly session = session
      readonly find = tracker.withQueryTracking(
        async () => {
          await turn()
          await this.session.query('select 1')
          await Promise.all([this.session.query('select 2'), turn()])
        },
        { operation: 'find' },
      )
    }
    await new Users().find()
    expect(observer.queries).toMatchObject([{ statementCount: 2, rowCount: 4 }])
  })

  it('says nothing of statements where none was seen', async () => {
    const { tracker, observer } = setUp(true)
    await tracker.withQueryTracking(async () => 1, { operation: 'op' })()
    expect(observer.queries[0]).not.toHaveProperty('statementCount')
  })

  it('keeps calls that run at the same time apart', async () => {
    const { tracker, observer, session } = setUp(true)
    const fn = tracker.withQueryTracking(
      async (_name: string, statements: number) => {
        for (let n = 0; n < statements; n++) {
          await session.query('select')
          await turn()
        }
      },
      { operation: 'op' },
    )
    await Promise.all([1, 4, 2, 3].map((statements) => fn('x', statements)))
    expect(observer.queries.map(({ statementCount }) => statementCount).sort()).toEqual([1, 2, 3, 4])
  })

  it('counts what is nested for both, once, and nothing after the call', async () => {
    const { tracker, observer, session } = setUp(true)
    let late: Promise<unknown> | undefined
    const inner = tracker.withQueryTracking(() => session.query('select'), { operation: 'inner' })
    const bound = tracker.withQueryTracking((given: Session) => given.query('select'), { operation: 'bound' })
    const outer = tracker.withQueryTracking(
      async () => {
        await inner()
        await bound(session)
        await session.query('select')
        late = turn().then(() => session.query('select'))
      },
      { operation: 'outer' },
    )
    await outer()
    await late
    await session.query('select')
    const counts = observer.queries.map(({ operation, statementCount }) => [operation, statementCount])
    expect(counts).toEqual([
      ['inner', 1],
      ['bound', 1],
      ['outer', 3],
    ])
  })

  it('follows transactions, bound and not, and streams', async () => {
    const { tracker, observer, session } = setUp(true)
    const outer = tracker.withQueryTracking(
      () =>
        session.transaction(async (transaction) => {
          await transaction.query('select 1')
          await transaction.query('select 2')
        }),
      { operation: 'outer' },
    )
    await outer()
    const rows = tracker.withStreamTracking(() => session.stream('select'), { operation: 'rows' })
    for await (const _row of rows()) await session.query('select outside the stream')
    expect(observer.queries).toMatchObject([
      { operation: 'outer', statementCount: 2 },
      { operation: 'rows', statementCount: 1, rowCount: 2 },
    ])
    const transfer = tracker.withTransactionTracking(
      async (transaction) => {
        const aside = tracker.withQueryTracking(() => transaction.query('select'), { operation: 'aside' })
        await aside()
      },
      { operation: 'transfer' },
    )
    await transfer(session)
    expect(observer.queries.at(-1)).toMatchObject({ operation: 'aside', statementCount: 1 })
    expect(observer.transactions).toMatchObject([{ operation: 'transfer', statementCount: 1 }])
  })

  it('off follows nothing, and gives back what was measured without it', async () => {
    const { tracker, observer, session } = setUp(false)
    const fn = tracker.withQueryTracking(async () => void (await session.query('select')), { operation: 'op' })
    await fn()
    tracker.configure({ asyncContext: true })
    await fn()
    tracker.configure({ asyncContext: false })
    await fn()
    expect(observer.queries.map(({ statementCount }) => statementCount)).toEqual([undefined, 1, undefined])
  })
})
