import { beforeEach, describe, expect, it, vi } from 'vitest'

/** Warnings are limited per process: each test has a process of its own, as far as this module can tell. */
const setUp = async () => {
  vi.resetModules()
  const { createMonitor } = await import('./monitor.ts')
  const warnings: { text: string; code: string }[] = []
  vi.spyOn(process, 'emitWarning').mockImplementation(((text: string, options: { code: string }) => {
    warnings.push({ text, code: options.code })
  }) as never)
  return { createMonitor, warnings }
}

describe('the monitor', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    return () => vi.useRealTimers()
  })

  it('warns at most once a minute and component, whichever tracker it is, and counts each', async () => {
    const { createMonitor, warnings } = await setUp()
    const [first, second] = [createMonitor(() => undefined), createMonitor(() => undefined)]
    for (let n = 0; n < 100; n++) first.report(new Error('x'), 'observer')
    second.report(new Error('x'), 'observer')
    expect(warnings).toHaveLength(1)
    second.report(new Error('x'), 'log')
    expect(warnings).toHaveLength(2)
    vi.advanceTimersByTime(59_999)
    first.report(new Error('x'), 'observer')
    expect(warnings).toHaveLength(2)
    vi.advanceTimersByTime(1)
    first.report(new Error('x'), 'observer')
    expect(warnings).toHaveLength(3)
    expect(first.counts).toEqual({ observer: 102, log: 0, label: 0, number: 0 })
    expect(second.counts).toEqual({ observer: 1, log: 1, label: 0, number: 0 })
  })

  it('law 5: its warning holds nothing of the error', async () => {
    const { createMonitor, warnings } = await setUp()
    createMonitor(() => undefined).report(new Error('Key (email)=(secret@example.org)'), 'observer')
    expect(warnings[0]?.text).toMatch(/^pgtally: .*"observer".*onMonitorError/)
    expect(JSON.stringify(warnings)).not.toContain('secret')
    expect(warnings[0]?.code).toBe('PGTALLY_MONITOR_ERROR')
  })

  it('tells the handler instead, with the very error, and does not warn', async () => {
    const { createMonitor, warnings } = await setUp()
    const told: unknown[] = []
    const error = Symbol('any value')
    createMonitor(
      () =>
        (...args) =>
          void told.push(args),
    ).report(error, 'number', 'advice')
    expect(told).toEqual([[error, 'number']])
    expect(warnings).toEqual([])
  })

  it('survives a handler that throws, one that rejects, and a warning that cannot be emitted', async () => {
    const { createMonitor } = await setUp()
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const throwing = createMonitor(() => () => {
      throw new Error('handler')
    })
    const rejecting = createMonitor(() => async () => {
      throw new Error('handler')
    })
    throwing.report(1, 'observer')
    rejecting.report(1, 'observer')
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {
      throw new Error('no warnings')
    })
    const warning = createMonitor(() => undefined)
    warning.report(1, 'observer')
    vi.useRealTimers()
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    expect([throwing, rejecting, warning].map(({ counts }) => counts.observer)).toEqual([1, 1, 1])
  })

  it('counts without telling, and starts anew when reset', async () => {
    const { createMonitor, warnings } = await setUp()
    const monitor = createMonitor(() => undefined)
    monitor.count('label')
    expect(monitor.counts.label).toBe(1)
    expect(warnings).toEqual([])
    monitor.reset()
    expect(monitor.counts.label).toBe(0)
  })
})
