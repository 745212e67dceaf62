import { createRecordingSession } from '@pgtally/core/testing'
import { describe, expect, it } from 'vitest'
import { runLoad } from './run-load.ts'
import type { Step } from './scenarios.ts'

function* forever(step: Step): Generator<Step, never> {
  for (;;) yield step
}

describe('runLoad', () => {
  it('keeps as many steps under way as it was told, and waits for them when it is stopped', async () => {
    const stop = new AbortController()
    let running = 0
    let most = 0
    let begun = 0
    const step = async () => {
      most = Math.max(most, ++running)
      if (++begun === 50) stop.abort()
      await new Promise(setImmediate)
      running--
    }
    const { session } = createRecordingSession()
    await runLoad(session, forever(step), { concurrency: 4, durationMs: 60_000, signal: stop.signal })
    expect(most).toBe(4)
    expect(running).toBe(0)
    expect(begun).toBe(50)
  })

  it('goes on after a step that failed', async () => {
    const stop = new AbortController()
    let begun = 0
    const step = async () => {
      if (++begun === 10) stop.abort()
      throw new Error('declined')
    }
    const { session } = createRecordingSession()
    await runLoad(session, forever(step), { concurrency: 2, durationMs: 60_000, signal: stop.signal })
    expect(begun).toBe(10)
  })
})
