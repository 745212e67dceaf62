/** A native promise as it is, of no subclass. */
export const isPlainPromise = (value: unknown): value is Promise<unknown> => {
  try {
    return value instanceof Promise && value.constructor === Promise
  } catch {
    // A proxy that hides its prototype: a native promise does not.
    return false
  }
}

/** `then` of a lazy query or another thenable, read once; undefined for a plain value. */
const thenOf = (value: unknown): ((ok: unknown, bad: unknown) => unknown) | undefined => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const { then } = value as { then?: unknown }
  return typeof then === 'function' ? (then as (ok: unknown, bad: unknown) => unknown) : undefined
}

/**
 * What a function returned, as a plain promise; a lazy query is started by that, once. Anything that is no promise comes back
 * as it is.
 */
export const plainPromise = (result: unknown): unknown => {
  if (isPlainPromise(result)) return result
  try {
    const then = thenOf(result)
    return then === undefined ? result : new Promise((resolve, reject) => then.call(result, resolve, reject))
  } catch (error) {
    // Its `then` cannot be read: awaiting it rejects with just this.
    return Promise.reject(error)
  }
}

/**
 * Calls one of the two when a result is there, and returns the chained promise: a side chain would either swallow a rejection that
 * nobody handles or report one that somebody does.
 */
export const followPromise = (
  result: unknown,
  succeeded: (value: unknown) => void,
  failed: (error: unknown) => void,
): unknown => {
  const promise = plainPromise(result)
  if (!isPlainPromise(promise)) {
    succeeded(promise)
    return promise
  }
  return promise.then(
    (value) => {
      succeeded(value)
      return value
    },
    (error) => {
      failed(error)
      throw error
    },
  )
}
