// A Session over one `pg.Client`, and the contract that shows it keeps every law. Run by itself it checks the laws one by one;
// under Vitest it registers them as tests.
import type { Session, TransactionOptions } from '@pgtally/core'
import {
  createSession,
  createTallyError,
  type DriverResult,
  type DriverStatement,
  isConnectionFatal,
  type SessionDriver,
  type TransactionEnd,
} from '@pgtally/core/adapter'
import { checkLaw, describeSessionContract, type OpenHarness, sessionLaws } from '@pgtally/session-contract'
import { Client, type QueryResult } from 'pg'

// #region driver
export function createOneClientSession(client: Client): Session {
  let busy = false
  let cursorCount = 0

  async function send({ text, values, name, singleStatement }: DriverStatement): Promise<DriverResult> {
    const answer: QueryResult | QueryResult[] = await client.query({
      text,
      ...(values && { values: [...values] }),
      ...(name !== undefined && { name }),
      ...(singleStatement && { queryMode: 'extended' }),
    })
    const results = Array.isArray(answer) ? answer : [answer]
    const last = results.at(-1) as QueryResult
    const counts = results.flatMap(({ rowCount }) => (rowCount === null ? [] : [rowCount]))
    return {
      rows: last.rows,
      rowCount: last.rowCount ?? undefined,
      command: last.command ?? undefined,
      statementCount: results.length,
      totalRowCount: counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0),
    }
  }

  const nothing = () => {}
  // This driver can't cancel, and says so in its capabilities.
  const query = (statement: DriverStatement) => ({ result: send(statement), cancel: nothing, abandon: nothing })

  function stream({ text, values = [] }: DriverStatement, batchSize: number) {
    cursorCount += 1
    const name = `one_client_${cursorCount}`
    let isOpen = false
    return {
      async next() {
        if (!isOpen) await client.query(`DECLARE ${name} NO SCROLL CURSOR WITH HOLD FOR ${text}`, [...values])
        isOpen = true
        return (await client.query(`FETCH ${batchSize} FROM ${name}`)).rows
      },
      async close() {
        if (isOpen) await client.query(`CLOSE ${name}`).catch(nothing)
        isOpen = false
      },
      cancel: nothing,
      abandon: nothing,
    }
  }

  const transaction: SessionDriver['transaction'] = async (options, work) => {
    if (busy)
      throw createTallyError('PGTALLY_CLIENT_BUSY', 'This client is in a transaction: nest in it, or take another.')
    busy = true
    try {
      await client.query(beginText(options))
      return await finish(await work({ query, stream, discard: nothing }))
    } finally {
      busy = false
    }
  }

  async function finish(verdict: 'commit' | 'rollback' | 'abandon'): Promise<TransactionEnd> {
    if (verdict === 'abandon') return { outcome: 'rolled_back' }
    if (verdict === 'rollback') {
      return client.query('ROLLBACK').then(
        () => ({ outcome: 'rolled_back' }),
        (rollbackError: unknown) => ({ outcome: 'rolled_back', rollbackError }),
      )
    }
    try {
      // A transaction in which a statement failed is rolled back by COMMIT, without an error.
      const { command } = await client.query('COMMIT')
      return { outcome: command === 'COMMIT' ? 'committed' : 'rolled_back' }
    } catch (error) {
      return { outcome: isConnectionFatal(error) ? 'unknown' : 'rolled_back', error }
    }
  }

  return createSession({
    capabilities: { concurrentTransactions: false, statementTimeout: true, cancel: false, poolWait: false },
    query,
    stream,
    transaction,
  })
}

function beginText({ isolationLevel, readOnly, deferrable }: TransactionOptions): string {
  const modes = [
    isolationLevel && `ISOLATION LEVEL ${isolationLevel}`,
    readOnly === undefined ? undefined : readOnly ? 'READ ONLY' : 'READ WRITE',
    deferrable === undefined ? undefined : deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE',
  ].filter((mode) => mode !== undefined)
  return modes.length === 0 ? 'BEGIN' : `BEGIN ${modes.join(', ')}`
}
// #endregion

// #region harness
const openHarness: OpenHarness = async ({ via }) => {
  const connectionString = process.env.PGTALLY_TEST_DATABASE_URL
  if (!connectionString)
    throw new Error('Set PGTALLY_TEST_DATABASE_URL: the laws kill connections and make tables there.')
  const url = new URL(connectionString)
  if (via) url.host = `${via.host}:${via.port}`
  const client = new Client({ connectionString: url.href })
  client.on('error', () => {})
  await client.connect()
  const listenerCount = client.listenerCount('error')
  return {
    session: createOneClientSession(client),
    connectionString,
    leaks: () => (client.listenerCount('error') === listenerCount ? [] : ['a listener for error on the client']),
    close: () => client.end(),
  }
}
// #endregion

if (process.env.VITEST) {
  // #region contract
  describeSessionContract('one client', openHarness)
  // #endregion
} else {
  // #region laws
  for (const law of sessionLaws) {
    await checkLaw(law, openHarness)
    console.log(`${law.number}: ${law.title}`)
  }
  // #endregion
}
