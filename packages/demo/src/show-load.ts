import { type Session, tracking } from '@pgtally/core'
import { readPools } from '@pgtally/core/adapter'
import type { Output } from './lifecycle/output.ts'
import { planLoad } from './load/plan-load.ts'
import { createRandom } from './load/random.ts'
import { runLoad } from './load/run-load.ts'
import { createScenarios } from './load/scenarios.ts'
import { buildReport, joinOperations } from './report/build-report.ts'
import { renderReport } from './report/render-report.ts'
import { watchCalls } from './report/watch-calls.ts'
import type { ShopSize } from './seed/shop-size.ts'
import { createPaymentStandIn } from './shop/payments.ts'
import type { LoadStatus } from './table/load-status.ts'
import { createPaint, wantsColour } from './table/paint.ts'
import { startView } from './table/start-view.ts'

export interface ShowOptions extends ShopSize {
  readonly seconds: number
  readonly seed: number
  readonly concurrency: number
}

const widestReport = 100
/** Where the output has no width of its own. */
const usualWidth = 80

/** Runs the load, shows it while it runs, and says at the end what pgtally saw. */
export const showLoad = async (
  session: Session,
  { seconds, seed, concurrency, ...size }: ShowOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const payments = createPaymentStandIn(createRandom(seed + 1).fraction)
  const steps = planLoad(createScenarios(size, payments), createRandom(seed))
  const durationMs = seconds * 1000
  const paint = createPaint(wantsColour(process.stdout.isTTY, process.env))

  const watch = watchCalls()
  const stopWatching = tracking.observe(watch.observer)
  const startedAt = performance.now()
  let endedAt: number | undefined
  const status = (): LoadStatus => {
    const elapsedMs = (endedAt ?? performance.now()) - startedAt
    const stopping = signal.aborted || elapsedMs > durationMs
    return {
      elapsedMs,
      durationMs,
      phase: endedAt === undefined ? (stopping ? 'stopping' : 'running') : 'ended',
      pool: readPools()[0]?.read(),
    }
  }
  const view = startView({ output, paint, status, snapshot: () => tracking.snapshot() })
  output.setInterrupt(view.interrupt)
  signal.addEventListener('abort', view.redraw)
  try {
    await runLoad(session, steps, { concurrency, durationMs, signal })
  } finally {
    endedAt = performance.now()
    signal.removeEventListener('abort', view.redraw)
    view.end()
    output.setInterrupt(undefined)
    stopWatching()
  }
  const report = buildReport(joinOperations(tracking.snapshot(), watch.facts()))
  const width = Math.min(widestReport, process.stdout.columns || usualWidth)
  output.print(`${renderReport(report, width, paint).join('\n')}\n`)
}
