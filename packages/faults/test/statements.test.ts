import { raisedStates } from '../src/raised-states.ts'
import { realErrors } from '../src/real-errors.ts'
import { resources } from '../src/resources.ts'
import { silentRollback } from '../src/silent-rollback.ts'
import { slowServer } from '../src/slow-server.ts'
import { streams } from '../src/streams.ts'
import { describeScenarios } from './describe-scenarios.ts'

describeScenarios(slowServer, streams, silentRollback, resources, realErrors, raisedStates)
