/** What became of a promise in time. It never rejects. */
export type Settled<Value> =
  | { readonly status: 'fulfilled'; readonly value: Value }
  | { readonly status: 'rejected'; readonly reason: unknown }
  | { readonly status: 'hanging' }

/** Waits for the promise's end, and no longer than that. */
export async function withinDeadline<Value>(promise: Promise<Value>, deadlineMs: number): Promise<Settled<Value>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Settled<Value>>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'hanging' }), deadlineMs)
  })
  const settled = promise.then(
    (value): Settled<Value> => ({ status: 'fulfilled', value }),
    (reason: unknown): Settled<Value> => ({ status: 'rejected', reason }),
  )
  const first = await Promise.race([settled, late])
  clearTimeout(timer)
  return first
}
