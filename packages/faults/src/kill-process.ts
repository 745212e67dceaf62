import type { ChildMessage, KillTask } from './kill-messages.ts'
import { runKillTask } from './run-kill-task.ts'

/** A process that nothing saves from an error that nobody caught: if it ends early, it crashed. */
process.once('message', async (task: KillTask) => {
  const send = (message: ChildMessage) => void process.send?.(message)
  await runKillTask(task, {
    send,
    kill: (point, how) =>
      new Promise<void>((resolve) => {
        process.once('message', () => resolve())
        send({ kind: 'kill', point, how })
      }),
  })
  send({ kind: 'done' })
  process.disconnect()
})
