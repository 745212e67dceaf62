import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const core = path.join(import.meta.dirname, '..', '..')

/** Runs a program that prints JSON, in a process whose rejections nobody else handles. */
const inChild = async (program: string, env: Record<string, string> = {}): Promise<unknown> => {
  const args = ['--conditions=@pgtally/source', '--import', 'tsx', '--input-type=module', '--eval', program]
  const { stdout } = await run(process.execPath, args, { cwd: core, env: { ...process.env, ...env } })
  return JSON.parse(stdout)
}

const program = `
  import { createTracker } from '@pgtally/core'
  import { createRecordingSession } from '@pgtally/core/testing'
  import { setImmediate as turn } from 'node:timers/promises'
  let unhandled = 0
  process.on('unhandledRejection', () => unhandled++)
  const { session, when } = createRecordingSession()
  when('bad', { error: new Error('refused') })
  const as = (fn) => fn
  const of = (tracker) => ({
    query: (fn) => tracker.withQueryTracking(fn, { operation: 'q' }),
    stream: (fn) => tracker.withStreamTracking(fn, { operation: 's' }),
    transaction: (fn) => tracker.withTransactionTracking(fn, { operation: 't' }),
  })
  const bare = { query: as, stream: as, transaction: (fn) => (database) => database.transaction(fn) }
  const noisy = { queryEnded: async () => { throw new Error('observer') }, transactionEnded: async () => { throw 1 } }
  const throwing = async () => { throw new Error('onMonitorError') }
  const worlds = {
    bare,
    tally: of(createTracker()),
    observed: of(createTracker({ observers: [noisy, noisy], onMonitorError: throwing })),
    context: of(createTracker({ asyncContext: true })),
    off: of(createTracker({ enabled: false })),
  }
  const foreign = { transaction: async (work) => work({}) }
  const programs = {
    dropped: ({ query }) => void query(async () => { throw 1 })(),
    handledLater: async ({ query }) => { const p = query(async () => { throw 1 })(); await null; await p.catch(() => {}) },
    branched: ({ query }) => { const p = query(async () => { throw 1 })(); p.then(() => {}); p.catch(() => {}) },
    twoBranches: ({ query }) => { const p = query(async () => { throw 1 })(); p.then(() => {}); p.then(() => {}) },
    statement: ({ query }) => void query((s) => s.query('bad'))(session),
    statementNotAwaited: ({ query }) => query(async (s) => { s.query('bad') })(session),
    caught: ({ query }) => query((s) => s.query('bad'))(session).catch(() => {}),
    droppedTransaction: ({ transaction }) => void transaction(async () => { throw 1 })(session),
    caughtTransaction: ({ transaction }) => transaction(async () => { throw 1 })(session).catch(() => {}),
    inTransaction: ({ transaction }) => transaction(async (t) => { t.query('bad') })(session).catch(() => {}),
    foreignDropped: ({ transaction }) => void transaction(async () => { throw 1 })(foreign),
    foreignCaught: ({ transaction }) => transaction(async () => { throw 1 })(foreign).catch(() => {}),
    stream: ({ stream }) => { const s = stream(async function* () { throw 1 })(); void s.next() },
    streamCaught: async ({ stream }) => { try { for await (const _ of stream(async function* () { yield 1; throw 1 })()); } catch {} },
    parallelNext: async ({ stream }) => { const s = stream(async function* () { throw 1 })(); s.next().catch(() => {}); void s.next() },
    success: ({ query }) => query(async () => 1)(),
  }
  const counts = {}
  for (const [world, wrap] of Object.entries(worlds)) {
    counts[world] = {}
    for (const [name, program] of Object.entries(programs)) {
      unhandled = 0
      await program(wrap)
      await turn(); await turn(); await turn()
      counts[world][name] = unhandled
    }
  }
  console.log(JSON.stringify(counts))
`

describe('law 1: unhandled rejections', () => {
  it('are as many as in the bare program, whatever the tracker and however its observers fail', async () => {
    const { bare, ...wrapped } = (await inChild(program)) as Record<string, Record<string, number>>
    expect(bare).toMatchObject({ dropped: 1, branched: 1, twoBranches: 2, handledLater: 0, caught: 0, success: 0 })
    expect(wrapped).toEqual({ tally: bare, observed: bare, context: bare, off: bare })
  })

  it('a program that fails ends with the same exit code and no second error', async () => {
    const ends = (body: string) =>
      inChild(`import { createTracker } from '@pgtally/core'\n${body}`).then(
        () => 'ended well',
        ({ code, stderr }: { code: number; stderr: string }) => ({
          code,
          errors: stderr.match(/Error: lost/g)?.length,
        }),
      )
    const fn = "async () => { throw new Error('lost') }"
    const [tracked, bare] = await Promise.all([
      ends(`createTracker().withQueryTracking(${fn}, { operation: 'op' })()`),
      ends(`(${fn})()`),
    ])
    expect(bare).toMatchObject({ code: 1 })
    expect(tracked).toEqual(bare)
  })
})

describe('PGTALLY_DISABLED=1', () => {
  it('from the environment switches every tracker off, and wins over configure', async () => {
    const calls = `
      import { configureTracking, createTracker, tracking, withQueryTracking } from '@pgtally/core'
      configureTracking({ enabled: true })
      const own = createTracker({ enabled: true })
      await withQueryTracking(async () => 1, { operation: 'op' })()
      await own.withQueryTracking(async () => 1, { operation: 'op' })()
      own.configure({ enabled: true })
      await own.withQueryTracking(async () => 1, { operation: 'op' })()
      console.log(JSON.stringify([tracking, own].map((tracker) => tracker.snapshot()[0].calls)))
    `
    const ask = (PGTALLY_DISABLED: string) => inChild(calls, { PGTALLY_DISABLED })
    expect(await Promise.all([ask('1'), ask('0')])).toEqual([
      [0, 0],
      [1, 2],
    ])
  })
})
