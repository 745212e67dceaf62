import type { Random } from './random.ts'
import type { Scenario, Step } from './scenarios.ts'

/**
 * Steps without end, in an order that the random numbers alone decide. The first few are one of each scenario, so that a
 * short run sees them all; then come shuffled rounds.
 */
export function* planLoad(scenarios: readonly Scenario[], random: Random): Generator<Step, never> {
  for (const scenario of random.shuffled(scenarios)) yield scenario.plan(random)
  const round = scenarios.flatMap((scenario) => Array.from({ length: scenario.perRound }, () => scenario))
  for (;;) for (const scenario of random.shuffled(round)) yield scenario.plan(random)
}
