import { type GroupTask, measureGroup } from './measure-group.ts'

/** The process of one group: takes a task from its parent, sends the figures back. */
process.once('message', async (task: GroupTask) => {
  process.send?.(await measureGroup(task))
  process.disconnect()
})
