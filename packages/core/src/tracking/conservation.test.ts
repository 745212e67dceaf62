import { describe, expect, it } from 'vitest'
import { createTracker } from '../default-tracking.ts'
import { createRecordingSession } from '../testing/recording-session.ts'

const seed = Number(process.env.PGTALLY_FUZZ_SEED ?? Date.now() % 2 ** 31)
const calls = 20_000

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
const createRandom = (start: number) => {
  let state = start
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const kinds = [
  ['unique_violation', '23505'],
  ['deadlock', '40P01'],
  ['undefined_table', '42P01'],
  ['connection_lost', 'ECONNRESET'],
  ['application', undefined],
] as const

const errorOf = (code: string | undefined) =>
  code === undefined ? 'a bare string' : Object.assign(new Error(), { code })

const add = (counts: Record<string, number>, key: string) => {
  counts[key] = (counts[key] ?? 0) + 1
}

describe('law 3: nothing lost, nothing twice', () => {
  it(`of ${calls} calls that end in every way, per outcome and kind (seed ${seed})`, async () => {
    const random = createRandom(seed)
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item
    const { session } = createRecordingSession()
    const events: Record<string, number> = {}
    const tracker = createTracker({ expectedErrors: ['unique_violation'], onMonitorError: () => {} })
    tracker.observe({
      queryEnded: ({ outcome, errorKind }) => add(events, `query ${outcome} ${errorKind}`),
      transactionEnded: ({ outcome, errorKind, expected }) =>
        add(events, `transaction ${outcome} ${errorKind} ${expected}`),
    })
    tracker.observe({
      queryEnded() {
        if (random() < 0.1) throw new Error('observer')
        return random() < 0.1 ? Promise.reject(new Error('observer')) : undefined
      },
    })
    type End = () => unknown
    const query = tracker.withQueryTracking((_given: unknown, end: End) => end() as Promise<unknown>, {
      operation: 'q',
    })
    const transaction = tracker.withTransactionTracking(async (_tx, end: End) => end(), { operation: 't' })
    const stream = tracker.withStreamTracking(
      async function* (_given: unknown, end: End) {
        yield 1
        await end()
      },
      { operation: 's' },
    )
    const expected: Record<string, number> = {}
    const settled: Promise<unknown>[] = []
    const peaks = () => tracker.snapshot().reduce((sum, { active }) => sum + active, 0)

    for (let call = 0; call < calls; call++) {
      const failing = random() < 0.4 ? pick(kinds) : undefined
      const shape = pick(['query', 'query', 'query', 'stream', 'transaction'] as const)
      const late = random() < 0.3
      const given = random() < 0.5 ? session : undefined
      const end = (): unknown => {
        const error = failing === undefined ? undefined : errorOf(failing[1])
        if (late) return new Promise((resolve, reject) => setImmediate(failing ? reject : resolve, error))
        if (failing === undefined) return pick([1, Promise.resolve(1)])
        if (random() < 0.5) throw error
        return Promise.reject(error)
      }
      const isExpected = failing?.[0] === 'unique_violation'
      if (shape === 'transaction') {
        add(
          expected,
          failing ? `transaction rolled_back ${failing[0]} ${isExpected}` : 'transaction committed undefined false',
        )
        settled.push(transaction(session, end).catch(() => {}))
        continue
      }
      const outcome = failing === undefined ? 'success' : isExpected ? 'expected_error' : 'error'
      add(expected, `query ${outcome} ${failing?.[0]}`)
      const run = async () => {
        if (shape === 'query') await query(given, end)
        else for await (const _row of stream(given, end));
      }
      settled.push(run().catch(() => {}))
      if (call % 500 === 0) await new Promise(setImmediate)
    }
    expect(peaks()).toBeGreaterThan(0)
    await Promise.all(settled)

    expect(events).toEqual(expected)
    expect(peaks()).toBe(0)
    const snapshot = tracker.snapshot()
    expect(snapshot.reduce((sum, of) => sum + of.calls, 0)).toBe(calls)
    const errors: Record<string, number> = {}
    for (const of of snapshot) {
      for (const [kind, count] of Object.entries(of.errors)) errors[kind] = (errors[kind] ?? 0) + count
    }
    const sumOf = (part: string) =>
      Object.entries(expected).reduce((sum, [key, count]) => (key.includes(part) ? sum + count : sum), 0)
    for (const [kind] of kinds.slice(1)) expect(errors[kind]).toBe(sumOf(kind))
    expect(errors).not.toHaveProperty('unique_violation')
    expect(snapshot.reduce((sum, of) => sum + of.expectedErrors, 0)).toBe(sumOf('unique_violation'))
  }, 20_000)
})
