import { driverNamed } from './drivers/drivers.ts'
import { startFaultServer } from './fault-server.ts'
import type { ScenarioTask } from './run-scenario.ts'
import { scenarios } from './scenarios.ts'

/** The process of one scenario with one driver: takes a task from its parent, sends the figures back. */
process.once('message', async ({ name, driver, seed, size }: ScenarioTask) => {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`No scenario ${name}.`)
  if (scenario.needs === 'nothing') process.send?.(await scenario.run({ seed, size }))
  else {
    const server = await startFaultServer()
    try {
      process.send?.(await scenario.run({ seed, size, server, driver: driverNamed(driver) }))
    } finally {
      await server.close()
    }
  }
  process.disconnect()
})
