import { it } from 'vitest'
import { interleavings } from '../src/interleavings.ts'
import { checkFigures, seed } from './check-scenario.ts'

it(interleavings.title, async () => checkFigures(await interleavings.run({ size: 'small', seed })))
