import { drivers } from './drivers/drivers.ts'
import { formatFigures, type NamedFigure } from './format-figures.ts'
import { readOptions } from './read-options.ts'
import { runScenario } from './run-scenario.ts'
import { scenarios } from './scenarios.ts'

const options = readOptions(
  process.argv.slice(2),
  { scenarios: scenarios.map(({ name }) => name), drivers: drivers.map(({ name }) => name) },
  () => 1 + Math.floor(Math.random() * 2 ** 31),
)
console.log(`Seed ${options.seed}: the same run again by --seed ${options.seed}`)
const figures: NamedFigure[] = []
for (const { name, title, needs } of scenarios) {
  if (!options.only.includes(name)) continue
  console.log(`\n${name}: ${title}`)
  for (const driver of needs === 'server' ? options.drivers : ['scripted']) {
    const startedAt = performance.now()
    const { seed, size } = options
    const found = await runScenario({ name, driver, seed, size })
    const named = found.map((figure) => ({ ...figure, scenario: name, driver }))
    console.log(formatFigures(named))
    console.log(`(${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)
    figures.push(...named)
  }
}
const marked = figures.filter(({ mark }) => mark !== undefined)
const passed = marked.filter((figure) => figure.passed).length
console.log(`\n${passed} passed, ${marked.length - passed} failed`)
if (passed < marked.length) process.exitCode = 1
