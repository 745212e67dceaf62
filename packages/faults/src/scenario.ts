import type { FaultDriver } from './drivers/fault-driver.ts'
import type { FaultServer } from './fault-server.ts'
import type { Figure } from './figure.ts'

export type Size = 'small' | 'full'

export interface Run {
  readonly size: Size
  /** Fixes all that is random. */
  readonly seed: number
}

export interface ServerRun extends Run {
  readonly driver: FaultDriver
  readonly server: FaultServer
}

interface Named {
  readonly name: string
  /** What happens, in plain words. */
  readonly title: string
}

/** What is done to a driver's Session, and what it must come to. Written once for all drivers. */
export interface ServerScenario extends Named {
  readonly needs: 'server'
  run(run: ServerRun): Promise<readonly Figure[]>
}

/** Its driver is a script. */
export interface ScriptedScenario extends Named {
  readonly needs: 'nothing'
  run(run: Run): Promise<readonly Figure[]>
}

export type Scenario = ServerScenario | ScriptedScenario
