import { parseOptions } from './options/parse-options.ts'
import { runDemo } from './run-demo.ts'

const parsed = parseOptions(process.argv.slice(2))
if (parsed.kind === 'run') process.exitCode = await runDemo(parsed.options)
else if (parsed.kind === 'help') process.stdout.write(parsed.text)
else {
  process.stderr.write(`${parsed.message}\n`)
  process.exitCode = 2
}
