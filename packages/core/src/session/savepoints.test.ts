import { describe, expect, it } from 'vitest'
import { createRecordingSession } from '../testing/recording-session.ts'
import type { Session } from './session.ts'

const refused = (code: string) => ({ error: Object.assign(new Error(code), { code }) })

const setUp = () => {
  const recording = createRecordingSession()
  const [bad, worse] = [refused('23505'), refused('22012')]
  recording.when('bad', bad)
  recording.when('worse', worse)
  const texts = () => recording.steps.map(({ text }) => text)
  return { bad: bad.error, worse: worse.error, texts, ...recording }
}

const swallow = () => {}

describe('a savepoint', () => {
  it('L10: is made of SAVEPOINT and RELEASE, named by a counter, never of BEGIN', async () => {
    const { session, texts } = setUp()
    const value = {}
    const result = await session.transaction(async (transaction) => {
      await transaction.transaction((one) => one.query('select 1'))
      return transaction.transaction((two) => two.transaction(async () => value))
    })
    expect(result).toBe(value)
    expect(texts()).toEqual([
      'begin',
      'savepoint pgtally_1',
      'select 1',
      'release savepoint pgtally_1',
      'savepoint pgtally_2',
      'savepoint pgtally_3',
      'release savepoint pgtally_3',
      'release savepoint pgtally_2',
      'commit',
    ])
  })

  it('L11: that fails is rolled back to and released, rethrows, and leaves the transaction usable', async () => {
    const { session, texts, bad } = setUp()
    const value = await session.transaction(async (transaction) => {
      await expect(transaction.transaction((savepoint) => savepoint.query('bad'))).rejects.toBe(bad)
      return (await transaction.query('select 1')).command
    })
    expect(value).toBe('SELECT')
    expect(texts()).toEqual([
      'begin',
      'savepoint pgtally_1',
      'bad',
      'rollback to savepoint pgtally_1',
      'release savepoint pgtally_1',
      'select 1',
      'commit',
    ])
  })

  it.each<[string, (outer: Session, inner: Session) => Session]>([
    ['its own Session', (_outer, inner) => inner],
    ["the transaction's Session", (outer) => outer],
  ])(
    'L3: whose work swallowed an error of %s rejects with that cause, and heals the transaction',
    async (_which, pick) => {
      const { session, bad, texts } = setUp()
      await session.transaction(async (transaction) => {
        const inner = transaction.transaction(async (savepoint) => {
          await pick(transaction, savepoint).query('bad').catch(swallow)
        })
        await expect(inner).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK', cause: bad })
        await transaction.query('select 1')
      })
      expect(texts().slice(-2)).toEqual(['select 1', 'commit'])
    },
  )

  it.each<[string, (outer: Session, inner: Session) => Session]>([
    ['its own Session', (_outer, inner) => inner],
    ["the transaction's Session", (outer) => outer],
  ])('law 9: an error healed by it, on %s, is not the cause of a later failure', async (_which, pick) => {
    const { session, worse } = setUp()
    const running = session.transaction(async (transaction) => {
      await transaction.transaction((savepoint) => pick(transaction, savepoint).query('bad')).catch(swallow)
      await transaction.query('worse').catch(swallow)
    })
    await expect(running).rejects.toMatchObject({ code: 'PGTALLY_COMMIT_ROLLED_BACK', cause: worse })
  })

  it('of which another is open on the same Session is refused; on its own Session it is nested', async () => {
    const { session, texts } = setUp()
    await session.transaction(async (transaction) => {
      let codes: unknown
      await transaction.transaction(async (savepoint) => {
        codes = await transaction.transaction(async () => 1).catch(({ code }) => code)
        await savepoint.transaction(async () => 1)
      })
      expect(codes).toBe('PGTALLY_SAVEPOINT_OPEN')
      await transaction.transaction(async () => 1)
    })
    expect(texts().filter((text) => text.startsWith('savepoint'))).toHaveLength(3)
  })

  it('L14: that was not awaited is waited for before COMMIT', async () => {
    const { session, texts, when } = setUp()
    let answer = swallow
    when('slow', () => new Promise((resolve) => (answer = () => resolve({}))))
    const running = session.transaction(async (transaction) => {
      void transaction.transaction((savepoint) => savepoint.query('slow'))
    })
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(texts()).toEqual(['begin', 'savepoint pgtally_1', 'slow'])
    answer()
    await running
    expect(texts().slice(-2)).toEqual(['release savepoint pgtally_1', 'commit'])
  })

  it('that cannot be made rejects with that error and never calls its work', async () => {
    const { session, when } = setUp()
    const error = refused('53200')
    when(/^savepoint/, error)
    let calls = 0
    const running = session.transaction((transaction) => transaction.transaction(async () => ++calls))
    await expect(running).rejects.toBe(error.error)
    expect(calls).toBe(0)
  })

  it('whose ROLLBACK TO fails still rejects with the error of its work', async () => {
    const { session, when, bad } = setUp()
    when('rollback to', refused('XX000'))
    const running = session.transaction((transaction) => transaction.transaction((savepoint) => savepoint.query('bad')))
    await expect(running).rejects.toBe(bad)
  })

  it('is closed to late use while its transaction goes on', async () => {
    const { session } = setUp()
    await session.transaction(async (transaction) => {
      let late: Session | undefined
      await transaction.transaction(async (savepoint) => {
        late = savepoint
      })
      await expect(late?.query('select 1')).rejects.toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED' })
      await transaction.query('select 2')
    })
  })
})
