import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Figure } from './figure.ts'
import type { Size } from './scenario.ts'

const program = fileURLToPath(new URL('scenario-process.ts', import.meta.url))

export interface ScenarioTask {
  readonly name: string
  readonly driver: string
  readonly seed: number
  readonly size: Size
}

/** Runs a scenario in a process of its own: an error that nobody caught ends that one, and is a figure that failed. */
export const runScenario = async (task: ScenarioTask): Promise<readonly Figure[]> => {
  const child = fork(program, { execArgv: process.execArgv })
  let figures: readonly Figure[] = []
  child.on('message', (message: readonly Figure[]) => {
    figures = message
  })
  const exited = once(child, 'exit')
  child.send(task)
  const [code, signal] = await exited
  const ending = signal ?? `code ${code}`
  return [...figures, { name: 'end of the process', value: ending, mark: 'code 0', passed: code === 0 }]
}
