import type { AsyncLocalStorage } from 'node:async_hooks'
import type { BoundSession } from './bound-session.ts'

let storage: AsyncLocalStorage<BoundSession> | undefined

/** The record of the tracked call that runs here, where a tracker has `asyncContext` on. */
export const ambientCall = (): BoundSession | undefined => storage?.getStore()

/** Made only when asked for: on Node 20 the first use slows every promise of the process. */
export const ambientStorage = (): AsyncLocalStorage<BoundSession> => {
  storage ??= new (process.getBuiltinModule('node:async_hooks').AsyncLocalStorage)()
  return storage
}
