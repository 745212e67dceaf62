import type { FaultDriver } from './fault-driver.ts'
import { nodePgDriver } from './node-pg-driver.ts'
import { postgresJsDriver } from './postgres-js-driver.ts'

export const drivers: readonly FaultDriver[] = [nodePgDriver, postgresJsDriver]

/** Throws where there is none of this name. */
export const driverNamed = (name: string): FaultDriver => {
  const driver = drivers.find((one) => one.name === name)
  if (driver === undefined) throw new Error(`No driver ${name}. Known: ${drivers.map((one) => one.name).join(', ')}.`)
  return driver
}
