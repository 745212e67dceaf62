import { createTracker, type Session } from '@pgtally/core'
import { createRecordingObserver, createRecordingSession } from '@pgtally/core/testing'
import { describe, expect, it } from 'vitest'
import { describeSessionContract } from '../src/describe-session-contract.ts'
import { rejection, rejectionWithCode } from '../src/rejection.ts'
import { watchTransaction } from '../src/watch-transaction.ts'

describeSessionContract(
  'recording session',
  async () => ({ session: createRecordingSession().session, leaks: () => [], close: async () => {} }),
  { database: 'none' },
)

const kinds = (recording: { readonly steps: readonly { readonly kind: string }[] }) =>
  recording.steps.map(({ kind }) => kind)

const sqlError = (code: string) => Object.assign(new Error('scripted'), { code, severity: 'ERROR' })

/** What the fake promises of the laws whose contract tests need a database: told by what it was sent. */
describe('recording session: laws by script', () => {
  it('L1: records a statement at the call, once, awaited or not', async () => {
    const recording = createRecordingSession()
    const pending = recording.session.query('select 1', [1])
    expect(recording.steps).toEqual([{ kind: 'query', text: 'select 1', values: [1] }])
    await pending
    await pending
    expect(recording.steps).toHaveLength(1)
  })

  it('L3: answers COMMIT by ROLLBACK after a statement that failed', async () => {
    const recording = createRecordingSession()
    const failure = sqlError('22012')
    recording.when('1 / 0', { error: failure })
    const work = recording.session.transaction(async (transaction) => {
      expect(await rejection(transaction.query('select 1 / 0'))).toBe(failure)
      await rejectionWithCode(transaction.query('select 2'), '25P02')
    })
    expect(await rejectionWithCode(work, 'PGTALLY_COMMIT_ROLLED_BACK')).toMatchObject({ cause: failure })
    expect(kinds(recording)).toEqual(['begin', 'query', 'query', 'commit'])
  })

  it('L4: reports a ROLLBACK that fails beside the error', async () => {
    const recording = createRecordingSession()
    const mine = new Error('mine')
    recording.when('rollback', { error: sqlError('42601') })
    const { rejection: rejected, events } = await watchTransaction(recording.session, () => Promise.reject(mine))
    expect(rejected?.reason).toBe(mine)
    expect(events).toMatchObject([{ outcome: 'rolled_back', rollbackErrorKind: 'syntax_error' }])
  })

  it('L6: sends no ROLLBACK after a COMMIT that was refused', async () => {
    const recording = createRecordingSession()
    const refusal = sqlError('40001')
    recording.when('commit', { error: refusal })
    const { rejection: rejected, events } = await watchTransaction(recording.session, async () => {})
    expect(rejected?.reason).toBe(refusal)
    expect(events).toMatchObject([{ outcome: 'rolled_back', rollbackReason: 'serialization_failure' }])
    expect(kinds(recording)).toEqual(['begin', 'commit'])
  })

  it('L7: knows nothing of a COMMIT whose connection was lost', async () => {
    const recording = createRecordingSession()
    recording.when('commit', { error: Object.assign(new Error('lost'), { code: 'ECONNRESET' }) })
    const { events } = await watchTransaction(recording.session, async () => {})
    expect(events).toMatchObject([{ outcome: 'unknown', errorKind: 'outcome_unknown' }])
    expect(kinds(recording)).toEqual(['begin', 'commit'])
  })

  it('L8: is sent nothing more once the connection is lost', async () => {
    const recording = createRecordingSession()
    const loss = Object.assign(new Error('lost'), { code: '57P01', severity: 'FATAL' })
    recording.when('slow', { error: loss })
    const work = recording.session.transaction(async (transaction) => {
      await rejection(transaction.query('select slow'))
      await rejectionWithCode(transaction.query('select 2'), 'PGTALLY_TRANSACTION_CLOSED')
    })
    expect(await rejection(work)).toBe(loss)
    expect(kinds(recording)).toEqual(['begin', 'query'])
  })

  it('L10, L11: nests by savepoints, undone and released where they fail', async () => {
    const recording = createRecordingSession()
    recording.when('bad', { error: sqlError('23505') })
    await recording.session.transaction(async (transaction) => {
      await transaction.transaction((inner) => inner.query('select good'))
      await rejectionWithCode(
        transaction.transaction((inner) => inner.query('select bad')),
        '23505',
      )
      await transaction.query('select 1')
    })
    expect(recording.steps.map(({ text }) => text)).toEqual([
      'begin',
      'savepoint pgtally_1',
      'select good',
      'release savepoint pgtally_1',
      'savepoint pgtally_2',
      'select bad',
      'rollback to savepoint pgtally_2',
      'release savepoint pgtally_2',
      'select 1',
      'commit',
    ])
  })

  it('L12: records the options as part of BEGIN', async () => {
    const recording = createRecordingSession()
    await recording.session.transaction(async () => {}, {
      isolationLevel: 'serializable',
      readOnly: true,
      deferrable: true,
    })
    expect(recording.steps[0]?.text).toBe('begin isolation level serializable read only deferrable')
  })

  it('L13: runs the statements of a transaction in call order, one at a time', async () => {
    const recording = createRecordingSession()
    recording.when('bad', { error: sqlError('22012') })
    const codes = await rejection(
      recording.session.transaction(async (transaction) => {
        const settled = await Promise.allSettled(['1', 'bad', '2'].map((text) => transaction.query(`select ${text}`)))
        throw settled.map((one) => (one.status === 'fulfilled' ? 'fulfilled' : one.reason.code))
      }),
    )
    expect(codes).toEqual(['fulfilled', '22012', '25P02'])
  })

  it('L14: commits after statements that nobody awaited', async () => {
    const recording = createRecordingSession()
    let answer = () => {}
    recording.when('slow', () => new Promise((resolve) => (answer = () => resolve({}))))
    const work = recording.session.transaction(async (transaction) => {
      transaction.query('select slow').catch(() => {})
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(kinds(recording)).toEqual(['begin', 'query'])
    answer()
    await work
    expect(kinds(recording)).toEqual(['begin', 'query', 'commit'])
  })

  it('L18: gives scripted row objects by identity and counts them for a tracked call', async () => {
    const recording = createRecordingSession()
    const observer = createRecordingObserver()
    const row = { id: 1 }
    recording.when('users', { rows: [row] })
    const find = createTracker({ observers: [observer] }).withQueryTracking(
      async (session: Session) => (await session.query('select * from users')).rows[0],
      { operation: 'find_user' },
    )
    expect(await find(recording.session)).toBe(row)
    expect(observer.queries).toMatchObject([{ operation: 'find_user', statementCount: 1, rowCount: 1 }])
  })
})
