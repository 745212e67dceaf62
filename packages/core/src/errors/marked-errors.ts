/**
 * A set of error objects under a global symbol, shared by every copy of pgtally in the process: a Session may come from another copy
 * than the tracker.
 */
export interface MarkedErrors {
  /** What is no object cannot be told from others like it, and is not remembered. */
  mark(error: unknown): void
  has(error: object): boolean
}

export const createMarkedErrors = (symbol: string): MarkedErrors => {
  const key = Symbol.for(symbol)
  const read = () => (globalThis as unknown as Record<symbol, WeakSet<object> | undefined>)[key]
  const make = () => {
    const made = new WeakSet<object>()
    Object.defineProperty(globalThis, key, { value: made, configurable: true })
    return made
  }
  return {
    mark(error) {
      if ((typeof error === 'object' && error !== null) || typeof error === 'function') (read() ?? make()).add(error)
    },
    has: (error) => read()?.has(error) ?? false,
  }
}
