/**
 * A process of its own that runs one transaction whose backend dies, and then works on. Printed is what it lived to see; a crash of
 * the driver's is an exit code.
 *   node transaction-program.ts <connection string> <fuse | bare> <ended | killed> <active | idle | between>
 */
import { Client } from 'pg'
import postgres from 'postgres'
import { createPostgresJsSession } from '../src/index.ts'

type Send = (text: string) => Promise<readonly Record<string, unknown>[]>

const [connectionString = '', protection, how, when] = process.argv.slice(2)
const sql = postgres(connectionString, { max: 2, onnotice() {} })
// Of another driver, since what is looked for is how this one fails.
const observer = new Client({ connectionString })
observer.on('error', () => {})
await observer.connect()

const run = (work: (send: Send) => Promise<void>): Promise<unknown> =>
  protection === 'bare'
    ? sql.begin((transaction) => work(async (text) => await transaction.unsafe(text)))
    : createPostgresJsSession(sql).transaction((transaction) =>
        work(async (text) => (await transaction.query(text)).rows),
      )

const die = async (pid: unknown) => {
  if (how === 'killed') process.kill(Number(pid), 'SIGKILL')
  else await observer.query('select pg_terminate_backend($1, 5000)', [pid])
}
const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs))

const work = async (send: Send) => {
  await send('insert into escaped values (1)')
  const pid = (await send('select pg_backend_pid() as pid'))[0]?.pid
  if (when === 'active') {
    const sleeping = send('select pg_sleep(60)')
    await pause(20)
    await Promise.all([die(pid), sleeping])
    return
  }
  await die(pid)
  // In time for the driver to hear of it, or before.
  if (when === 'idle') await pause(100)
  await send('insert into escaped values (2)').catch(() => {})
  await send('insert into escaped values (3)')
}
let ended = () => {}
const workEnded = new Promise<void>((resolve) => {
  ended = resolve
})

const outcome = await run((send) => work(send).finally(ended)).then(
  () => 'resolved',
  (error) => `rejected ${error.code}`,
)
process.stdout.write(`${outcome}\n`)
await workEnded
// A server whose backend was killed starts over, and refuses connections meanwhile.
for (let attempt = 1; ; attempt += 1) {
  const rows = await sql`select 1 as one`.catch(() => [])
  if (rows.length === 1) break
  if (attempt === 200) throw new Error('the pool does not recover')
  await pause(20)
}
process.stdout.write('works\n')
await Promise.all([sql.end({ timeout: 0 }), observer.end()])
