import { randomBytes } from 'node:crypto'
import { configureTracking } from '@pgtally/core'
import type { OpenDatabase } from './database/database.ts'
import { drivers } from './database/drivers.ts'
import { describeFailure } from './lifecycle/describe-failure.ts'
import { openOutput } from './lifecycle/output.ts'
import { listenForStop } from './lifecycle/stop-signals.ts'
import { watchParent } from './lifecycle/watch-parent.ts'
import type { DemoOptions } from './options/parse-options.ts'
import { createShop, dropShop } from './seed/create-shop.ts'
import { showLoad } from './show-load.ts'
import { showCursor } from './table/live-view.ts'

const concurrency = 8

/** Resolves to the exit code: 0, 1 for a failure (said on standard error), or 128 + the number of the signal that ended it. */
export const runDemo = async ({ driver, databaseUrl, ...options }: DemoOptions): Promise<number> => {
  const schema = `pgtally_demo_${randomBytes(6).toString('hex')}`
  let database: OpenDatabase | undefined
  let shopExists = false

  const stop = listenForStop({
    stopping: () => output.note('Stopping; Ctrl-C again ends at once'),
    endNow(exitCode) {
      if (process.stdout.isTTY) process.stdout.write(showCursor)
      if (database?.keepsData && shopExists) output.note(leftBehind(schema))
      database?.abandon()
      process.exit(exitCode)
    },
  })
  const output = openOutput(stop.request)
  watchParent(stop.request)
  let failed = false
  const fail = (what: string, error: unknown) => {
    failed = true
    output.note(`${what}: ${describeFailure(error)}`)
  }

  configureTracking({ service: 'shop' })
  try {
    output.note(`Seed ${options.seed} (--seed ${options.seed} repeats this run)`)
    const startedAt = performance.now()
    database = await drivers[driver]({
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      schema,
      connectionFailed: (kind) => output.note(`A connection that nothing used failed: ${kind}`),
    })
    await createShop(database.session, { ...options, schema, signal: stop.signal, progress: output.note })
    shopExists = true
    output.note(`The shop is open on ${database.description}, after ${seconds(performance.now() - startedAt)} s`)
    output.note(`${options.seconds} s of load begin, ${concurrency} at a time`)
    await showLoad(database.session, { ...options, concurrency }, output, stop.signal)
  } catch (error) {
    if (stop.signal.aborted && !shopExists) output.note('Stopped before the load began')
    else
      fail(databaseUrl === undefined ? 'The demo failed' : 'The demo failed on the database of --database-url', error)
  }
  if (database?.keepsData && shopExists) {
    await dropShop(database.session, schema).catch((error) => fail(leftBehind(schema), error))
  }
  await database?.close().catch((error) => fail('The database could not be closed', error))
  return stop.exitCode() || (failed ? 1 : 0)
}

const leftBehind = (schema: string) => `The demo's tables were not dropped: drop schema if exists ${schema} cascade`

const seconds = (ms: number) => (ms / 1000).toFixed(1)
