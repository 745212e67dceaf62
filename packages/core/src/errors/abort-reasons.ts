/** One set for every copy of pgtally in the process: a Session may come from another copy than the tracker. */
const key = Symbol.for('pgtally.abort-reasons.1')

const readReasons = (): WeakSet<object> | undefined =>
  (globalThis as unknown as Record<symbol, WeakSet<object> | undefined>)[key]

const makeReasons = (): WeakSet<object> => {
  const reasons = new WeakSet<object>()
  Object.defineProperty(globalThis, key, { value: reasons, configurable: true })
  return reasons
}

/**
 * Remembers a signal's reason, so that it is classified as `aborted` when it comes back as a rejection, whatever error the
 * caller chose for it. A reason that is no object cannot be told from others like it, and is not remembered.
 */
export const markAborted = (reason: unknown): void => {
  if ((typeof reason === 'object' && reason !== null) || typeof reason === 'function') {
    const reasons = readReasons() ?? makeReasons()
    reasons.add(reason)
  }
}

/** Whether a statement was rejected with this reason because its signal was aborted. */
export const isAbortReason = (error: object): boolean => readReasons()?.has(error) ?? false
