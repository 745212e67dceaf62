import { interleavings } from './interleavings.ts'
import { kills } from './kills.ts'
import { leaks } from './leaks.ts'
import { ledger } from './ledger.ts'
import { raisedStates } from './raised-states.ts'
import { realErrors } from './real-errors.ts'
import { resources } from './resources.ts'
import type { Scenario } from './scenario.ts'
import { silentRollback } from './silent-rollback.ts'
import { slowServer } from './slow-server.ts'
import { streams } from './streams.ts'

export const scenarios: readonly Scenario[] = [
  kills,
  ledger,
  leaks,
  slowServer,
  streams,
  silentRollback,
  resources,
  realErrors,
  raisedStates,
  interleavings,
]
