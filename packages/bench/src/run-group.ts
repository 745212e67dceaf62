import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { GroupFigures, GroupTask } from './measure-group.ts'

const program = fileURLToPath(new URL('group-process.ts', import.meta.url))

/** A young generation that holds all garbage of a run: bytes are the growth of the heap. */
const roomForGarbage = ['--min-semi-space-size=256', '--max-semi-space-size=256']

/** Measures a group in a process of its own: what one group's rows teach the compiler shall not slow another's. */
export const runGroup = async (task: GroupTask): Promise<GroupFigures> => {
  const child = fork(program, {
    execArgv: [...process.execArgv, ...(task.what === 'bytes' ? roomForGarbage : [])],
  })
  const answer = Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The process of group ${task.group} ended with ${code} before it had measured.`)
    }),
  ])
  child.send(task)
  const [figures] = await answer
  return figures as GroupFigures
}
