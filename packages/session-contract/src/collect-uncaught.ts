import { setImmediate as turn } from 'node:timers/promises'

const kinds = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Runs `run` and returns the errors that would have ended the process meanwhile. Other listeners, the test runner's among them,
 * don't hear of these.
 */
export async function collectUncaught(run: () => Promise<void>): Promise<readonly unknown[]> {
  const uncaught: unknown[] = []
  const collect = (error: unknown) => void uncaught.push(error)
  const others = kinds.map((kind) => [kind, process.listeners(kind as 'uncaughtException')] as const)
  for (const kind of kinds) {
    process.removeAllListeners(kind)
    process.on(kind, collect)
  }
  try {
    await run()
    // Unhandled rejections are reported after the microtasks, a socket's error in a later turn.
    await turn()
    await turn()
  } finally {
    for (const [kind, listeners] of others) {
      process.off(kind, collect)
      for (const listener of listeners) process.on(kind, listener)
    }
  }
  return uncaught
}
