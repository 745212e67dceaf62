import assert from 'node:assert/strict'

/** What the promise rejected with; throws if it resolved. */
export async function rejection(promise: Promise<unknown>, what = 'the promise'): Promise<unknown> {
  let reason: unknown
  const resolved = await promise.then(
    () => true,
    (error) => {
      reason = error
      return false
    },
  )
  assert.equal(resolved, false, `${what} resolved; it should have rejected`)
  return reason
}

/** The rejection, whose `code` (a SQLSTATE, or one of ours) must be this. */
export async function rejectionWithCode(promise: Promise<unknown>, code: string): Promise<unknown> {
  const error = await rejection(promise, code)
  assert.equal((error as { readonly code?: unknown } | undefined)?.code, code)
  return error
}
