import type { Observer } from '../events/observer.ts'
import type { TrackerState } from './tracker-state.ts'

/** Who observes a tracker: those configured, and those added one by one. Keeps the lists that calls read. */
export const createObserverLists = (state: TrackerState) => {
  let configured: readonly Observer[] = []
  let added: readonly { readonly observer: Observer }[] = []

  const update = () => {
    const all = [...configured, ...added.map(({ observer }) => observer)]
    const everyCall = all.filter(({ only }) => only !== 'slow-or-failed')
    state.slowOrFailed = all.length === 0 ? null : all
    state.everyCall = everyCall.length === 0 ? null : everyCall
    state.keepStatementText = all.some(({ needsStatementText }) => needsStatementText === true)
  }

  return {
    configure(observers: readonly Observer[]): void {
      configured = [...observers]
      update()
    },
    /** Returns the function that stops it; the same observer can be added twice. */
    add(observer: Observer): () => void {
      const entry = { observer }
      added = [...added, entry]
      update()
      return () => {
        added = added.filter((other) => other !== entry)
        update()
      }
    },
    clear(): void {
      configured = []
      added = []
      update()
    },
  }
}
