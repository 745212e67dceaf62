import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSession } from '../adapter-functions.ts'
import { createTracker } from '../default-tracking.ts'
import { classifyError } from '../errors/classify-error.ts'
import { createRecordingObserver } from '../testing/recording-observer.ts'
import { createRecordingSession } from '../testing/recording-session.ts'
import type { Session } from './session.ts'
import type { DriverCall, DriverResult, SessionDriver } from './session-driver.ts'

const answered: DriverResult = { rows: [], rowCount: 0, command: 'SELECT', statementCount: 1, totalRowCount: 0 }

/** A driver whose statements the test ends itself. */
const setUp = () => {
  const log: string[] = []
  const settle: { resolve(result: DriverResult): void; reject(error: unknown): void }[] = []
  const calls: DriverCall[] = []
  const pending = (text: string) => {
    log.push(text)
    const result = new Promise<DriverResult>((resolve, reject) => settle.push({ resolve, reject }))
    return { result, cancel: () => void log.push('cancel'), abandon: () => void log.push('abandon') }
  }
  const driver: SessionDriver = {
    capabilities: createRecordingSession().session.capabilities,
    query: ({ text }) => pending(text),
    stream: ({ text }) => {
      const { result, ...control } = pending(text)
      return { next: () => result.then(({ rows }) => rows), close: async () => void log.push('close'), ...control }
    },
    async transaction(_options, work, call) {
      calls.push(call)
      const connection = { query: driver.query, stream: driver.stream, discard: () => {} } as never
      const verdict = await work(connection)
      log.push(verdict)
      return verdict === 'commit' ? { outcome: 'committed' } : { outcome: 'rolled_back' }
    },
  }
  return { log, settle, calls, session: createSession(driver) }
}

const canceled = Object.assign(new Error('canceling statement due to user request'), { code: '57014' })
const turn = () => new Promise(setImmediate)

afterEach(() => {
  vi.useRealTimers()
})

describe('a signal', () => {
  it('aborted before: rejects with its reason and sends nothing', async () => {
    const { session, log } = setUp()
    const reason = { why: 'the caller left' }
    const signal = AbortSignal.abort(reason)
    await expect(session.query('select', [], { signal })).rejects.toBe(reason)
    await expect(session.stream('select', [], { signal })[Symbol.asyncIterator]().next()).rejects.toBe(reason)
    expect(log).toEqual([])
    expect(classifyError(reason).kind).toBe('aborted')
  })

  it('aborted while it runs: cancels once, waits for the answer, then rejects with the reason', async () => {
    const { session, log, settle } = setUp()
    const controller = new AbortController()
    let ended: unknown = 'not yet'
    const running = session.query('slow', [], { signal: controller.signal }).catch((error) => (ended = error))
    controller.abort()
    await turn()
    expect([log, ended]).toEqual([['slow', 'cancel'], 'not yet'])
    settle[0]?.reject(canceled)
    await running
    expect(ended).toBe(controller.signal.reason)
    expect(log).toEqual(['slow', 'cancel'])
  })

  it('never answered: after a second gives the connection up and rejects with the reason', async () => {
    vi.useFakeTimers()
    const { session, log } = setUp()
    const controller = new AbortController()
    let ended: unknown = 'not yet'
    session.query('slow', [], { signal: controller.signal }).catch((error) => (ended = error))
    controller.abort('gone')
    await vi.advanceTimersByTimeAsync(999)
    expect([log, ended]).toEqual([['slow', 'cancel'], 'not yet'])
    await vi.advanceTimersByTimeAsync(1)
    expect([log, ended]).toEqual([['slow', 'cancel', 'abandon'], 'gone'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('aborted after the answer changes nothing; no listener is left on it', async () => {
    const { session, log, settle } = setUp()
    const controller = new AbortController()
    const { signal } = controller
    const spies = { add: vi.spyOn(signal, 'addEventListener'), remove: vi.spyOn(signal, 'removeEventListener') }
    const running = session.query('select', [], { signal })
    settle[0]?.resolve(answered)
    expect(await running).toEqual({ rows: [], rowCount: 0, command: 'SELECT' })
    controller.abort()
    await turn()
    expect(log).toEqual(['select'])
    expect(spies.remove).toHaveBeenCalledTimes(spies.add.mock.calls.length)
  })

  it('not aborted: the very error of the driver comes through', async () => {
    const { session, settle } = setUp()
    const running = session.query('select', [], { signal: new AbortController().signal })
    settle[0]?.reject(canceled)
    await expect(running).rejects.toBe(canceled)
  })

  it('ends a stream too, which is then closed', async () => {
    const { session, log, settle } = setUp()
    const controller = new AbortController()
    const next = session.stream('rows', [], { signal: controller.signal })[Symbol.asyncIterator]().next()
    await turn()
    controller.abort('enough')
    settle[0]?.reject(canceled)
    await expect(next).rejects.toBe('enough')
    expect(log).toEqual(['rows', 'cancel', 'close'])
  })

  it('is an event of kind aborted, whatever the reason is made of', async () => {
    const { session, settle } = setUp()
    const observer = createRecordingObserver()
    const tracker = createTracker({ observers: [observer] })
    const controller = new AbortController()
    const fn = tracker.withQueryTracking((given: Session) => given.query('slow', [], { signal: controller.signal }), {
      operation: 'op',
    })
    const running = fn(session)
    controller.abort(new Error('the request was closed'))
    settle[0]?.reject(canceled)
    await expect(running).rejects.toBe(controller.signal.reason)
    expect(observer.queries[0]).toMatchObject({ outcome: 'error', errorKind: 'aborted', statementCount: 1 })
  })
})

const fatal = Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })

describe('L8: a transaction that loses its connection', () => {
  it('by the word of the driver: is closed at once, sends nothing more, and rejects with the loss', async () => {
    const { session, log, calls } = setUp()
    const seen: unknown[] = []
    const running = session.transaction(async (transaction) => {
      calls[0]?.lost(fatal)
      calls[0]?.lost(new Error('a second word'))
      for (const use of [
        () => transaction.query('select 1'),
        () => transaction.transaction(async () => 1),
        () => transaction.stream('select 1')[Symbol.asyncIterator]().next(),
      ]) {
        await use().catch((error: unknown) => seen.push(error))
      }
    })
    await expect(running).rejects.toBe(fatal)
    expect(seen).toHaveLength(3)
    for (const error of seen) expect(error).toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED', cause: fatal })
    expect(log).toEqual(['abandon'])
  })

  it('by a fatal error of a statement: the same, and the value thrown by the work wins', async () => {
    const { session, log, settle } = setUp()
    const own = new Error('of the work')
    const running = session.transaction(async (transaction) => {
      const first = transaction.query('select 1')
      settle[0]?.reject(fatal)
      await expect(first).rejects.toBe(fatal)
      await expect(transaction.query('select 2')).rejects.toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED' })
      throw own
    })
    await expect(running).rejects.toBe(own)
    expect(log).toEqual(['select 1', 'abandon'])
  })

  it('is not waited for: neither statements nor savepoints that were not awaited', async () => {
    const { session, log, settle, calls } = setUp()
    const running = session.transaction(async (transaction) => {
      transaction.transaction(async () => 1).catch(() => {})
    })
    await turn()
    expect(log).toEqual(['savepoint pgtally_1'])
    calls[0]?.lost(fatal)
    await expect(running).rejects.toBe(fatal)
    expect(log).toEqual(['savepoint pgtally_1', 'abandon'])
    settle[0]?.reject(fatal)
  })

  it('inside a savepoint: no ROLLBACK TO is sent, both reject with the loss', async () => {
    const { session, log, settle } = setUp()
    const running = session.transaction((transaction) =>
      transaction.transaction(async (savepoint) => {
        const lost = savepoint.query('select 1')
        settle[1]?.reject(fatal)
        await lost.catch(() => {})
      }),
    )
    settle[0]?.resolve(answered)
    await expect(running).rejects.toBe(fatal)
    expect(log).toEqual(['savepoint pgtally_1', 'select 1', 'abandon'])
  })

  it.each(['by the word of the driver', 'by the error of RELEASE'])(
    'while a savepoint is released, %s: nothing more is sent',
    async (how) => {
      const { session, log, settle, calls } = setUp()
      const running = session.transaction((transaction) => transaction.transaction(async () => 1))
      settle[0]?.resolve(answered)
      await turn()
      if (how === 'by the word of the driver') calls[0]?.lost(fatal)
      settle[1]?.reject(fatal)
      await expect(running).rejects.toBe(fatal)
      await turn()
      expect(log).toEqual(['savepoint pgtally_1', 'release savepoint pgtally_1', 'abandon'])
    },
  )

  it('between ROLLBACK TO and RELEASE of a savepoint: no RELEASE is sent, and the value thrown by the work wins', async () => {
    const { session, log, settle, calls } = setUp()
    const own = new Error('of the work')
    const running = session.transaction((transaction) => transaction.transaction(() => Promise.reject(own)))
    settle[0]?.resolve(answered)
    await turn()
    calls[0]?.lost(fatal)
    settle[1]?.resolve(answered)
    await expect(running).rejects.toBe(own)
    await turn()
    expect(log).toEqual(['savepoint pgtally_1', 'rollback to savepoint pgtally_1', 'abandon'])
  })

  it('keeps its stream from being read on, which a harmless error does not', async () => {
    const { session, log, settle, calls } = setUp()
    const running = session.transaction(async (transaction) => {
      const rows = transaction.stream('rows')[Symbol.asyncIterator]()
      const first = rows.next()
      settle[0]?.resolve({ ...answered, rows: [1] })
      await first
      calls[0]?.lost(fatal)
      await expect(rows.next()).rejects.toMatchObject({ code: 'PGTALLY_TRANSACTION_CLOSED', cause: fatal })
    })
    await expect(running).rejects.toBe(fatal)
    expect(log).toEqual(['rows', 'abandon'])
  })

  it('is reported as rolled back, with the kind of the loss', async () => {
    const { session, calls } = setUp()
    const observer = createRecordingObserver()
    const tracker = createTracker({ observers: [observer] })
    const fn = tracker.withTransactionTracking(async (_tx: Session) => calls[0]?.lost(fatal), { operation: 'op' })
    await expect(fn(session)).rejects.toBe(fatal)
    expect(observer.transactions).toMatchObject([{ outcome: 'rolled_back', rollbackReason: 'connection_lost' }])
  })
})
