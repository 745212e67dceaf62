import { type StartPostgresOptions, startPostgres } from '../src/index.ts'
import { readValue } from './run-statement.ts'

// A process of its own that starts a server, prints its address as one line of JSON, and then does as the first argument says.
const [ending, options = '{}'] = process.argv.slice(2)
const server = await startPostgres(JSON.parse(options) as StartPostgresOptions)
// Keeps this process alive; it is ended from outside.
if (ending === 'wait') process.stdin.resume()

if (ending === 'stop-on-sigint') {
  process.stdin.resume()
  process.once('SIGINT', async () => {
    process.stdout.write(`${await readValue(server.connectionString, `select 'alive'`)}\n`)
    await server.stop()
    process.exit(0)
  })
}

process.stdout.write(`${JSON.stringify(server)}\n`)
