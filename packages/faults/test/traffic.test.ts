import { leaks } from '../src/leaks.ts'
import { ledger } from '../src/ledger.ts'
import { describeScenarios } from './describe-scenarios.ts'

describeScenarios(ledger, leaks)
