import { pathToFileURL } from 'node:url'

/** What of core is called: its public entries, and the recorder alone. */
export interface MeasuredCore {
  readonly createTracker: typeof import('@pgtally/core').createTracker
  readonly createSession: typeof import('@pgtally/core/adapter').createSession
  readonly createDurationHistogram: () => object
  readonly recordDuration: (histogram: object, durationMs: number) => void
}

/** Loads a compiled core. */
export const loadCore = async (folder: string): Promise<MeasuredCore> => {
  const load = (file: string) => import(`${pathToFileURL(folder).href}/${file}`)
  const [index, adapter, histogram] = await Promise.all([
    load('index.js'),
    load('adapter.js'),
    load('tally/duration-histogram.js'),
  ])
  return { ...index, ...adapter, ...histogram }
}
