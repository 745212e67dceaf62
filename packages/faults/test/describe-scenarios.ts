import { afterAll, beforeAll, describe, it } from 'vitest'
import { drivers } from '../src/drivers/drivers.ts'
import { type FaultServer, startFaultServer } from '../src/fault-server.ts'
import type { ServerScenario } from '../src/scenario.ts'
import { checkFigures, seed } from './check-scenario.ts'

/** Registers small runs of these scenarios, for each driver, on a server of their own. */
export const describeScenarios = (...scenarios: readonly ServerScenario[]): void => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer()
  })
  afterAll(() => server.close())

  for (const driver of drivers) {
    describe(driver.name, () => {
      for (const { title, run } of scenarios) {
        it(title, async () => checkFigures(await run({ size: 'small', seed, driver, server })))
      }
    })
  }
}
