import { kills } from '../src/kills.ts'
import { describeScenarios } from './describe-scenarios.ts'

describeScenarios(kills)
