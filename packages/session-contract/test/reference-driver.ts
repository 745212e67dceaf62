import { setTimeout as delay } from 'node:timers/promises'
import type { TransactionOptions } from '@pgtally/core'
import type {
  DriverCall,
  DriverCursor,
  DriverResult,
  DriverStatement,
  DriverTransaction,
  PendingStatement,
  SessionDriver,
  TransactionEnd,
} from '@pgtally/core/adapter'
import { isConnectionFatal } from '@pgtally/core/adapter'
import { Client, type Pool, type PoolClient, types } from 'pg'
import type { DriverFault } from './driver-fault.ts'
import { readResult } from './read-result.ts'
import { cursorOn } from './reference-cursor.ts'

interface CheckedOut {
  readonly client: PoolClient
  giveBack(destroy: boolean): void
}

/**
 * A small driver over `pg.Pool` that keeps the laws, written for this test alone, and that breaks one of them when told to: so it is
 * seen that the law's test fails.
 */
export function createReferenceDriver(pool: Pool, fault?: DriverFault): SessionDriver {
  let shared: Promise<CheckedOut> | undefined

  async function checkOut(call: DriverCall): Promise<CheckedOut> {
    if (fault === 'says connected before it is') call.connected()
    const client = await pool.connect()
    if (fault === 'counts execution as waiting') await client.query('select pg_sleep(0.1)')
    if (fault !== 'says connected before it is') call.connected()
    const onError = (error: Error) => call.lost(error)
    if (fault !== 'has no error listener') client.on('error', onError)
    return {
      client,
      giveBack(destroy) {
        if (fault !== 'keeps a listener') client.off('error', onError)
        client.release(destroy)
      },
    }
  }

  function query(statement: DriverStatement, call: DriverCall): PendingStatement {
    let running: CheckedOut | undefined
    let giveUp = () => {}
    const givenUp = new Promise<never>((_resolve, reject) => {
      giveUp = () => reject(new Error('gave up waiting for a connection'))
    })
    givenUp.catch(() => {})
    let abandoned = false
    const run = async () => {
      const connection = await checkOut(call)
      running = connection
      try {
        const result = await send(connection.client, statement)
        connection.giveBack(abandoned)
        return result
      } catch (error) {
        connection.giveBack(abandoned || isConnectionFatal(error))
        throw error
      }
    }
    return {
      result: Promise.race([run(), givenUp]),
      cancel: () => (running ? cancelOnServer(running.client) : giveUp()),
      abandon() {
        abandoned = true
      },
    }
  }

  async function send(client: PoolClient, statement: DriverStatement): Promise<DriverResult> {
    const config = {
      text: statement.text,
      ...(statement.values && { values: [...statement.values] }),
      ...(statement.name !== undefined && { name: statement.name }),
      ...(statement.singleStatement && fault !== 'ignores singleStatement' && { queryMode: 'extended' }),
    }
    if (fault === 'changes a parser') types.setTypeParser(1082, (text) => text)
    if (fault === 'sends twice') await client.query(config)
    if (fault === 'sends again after an error') await client.query(config).catch(() => {})
    return readResult(await client.query(config), fault)
  }

  function cancelOnServer(client: PoolClient): void {
    if (fault === 'ignores cancel') return
    const { processID } = client as PoolClient & { readonly processID: number }
    const second = new Client(pool.options)
    second.on('error', () => {})
    second
      .connect()
      .then(() => second.query('select pg_cancel_backend($1)', [processID]))
      .finally(() => second.end())
      .catch(() => {})
  }

  function transactionOn(connection: CheckedOut, onDiscard: () => void): DriverTransaction {
    const { client } = connection
    let sent = 0
    const run = async (statement: DriverStatement): Promise<DriverResult> => {
      sent += 1
      if (swallows(statement.text)) return send(client, { ...statement, text: 'select 1' })
      if (fault === 'runs statements out of order' && sent === 1) await delay(20)
      try {
        return await send(client, statement)
      } catch (error) {
        const follows = (error as { readonly code?: string }).code === '25P02'
        if (!follows || fault !== 'runs what follows an error elsewhere') throw error
        return readResult(await pool.query(statement.text))
      }
    }
    return {
      query: (statement) => ({ result: run(statement), cancel: () => cancelOnServer(client), abandon: onDiscard }),
      stream: (statement, batchSize) => cursorOn(client, statement, batchSize, fault),
      discard: onDiscard,
    }
  }

  function swallows(text: string): boolean {
    if (fault === 'swallows savepoints') return /^(savepoint|release|rollback to)/i.test(text)
    if (fault === 'swallows ROLLBACK TO') return /^rollback to/i.test(text)
    return fault === 'swallows RELEASE' && /^release/i.test(text)
  }

  async function transaction(
    options: TransactionOptions,
    work: (connection: DriverTransaction) => Promise<'commit' | 'rollback' | 'abandon'>,
    call: DriverCall,
  ): Promise<TransactionEnd> {
    if (fault === 'takes one connection for all transactions') shared ??= checkOut(call)
    const connection = await (shared ?? checkOut(call).catch(startWithoutConnection))
    const { client } = connection
    let discarded = false
    const onDiscard = () => {
      discarded = true
    }
    const end = (destroy = discarded) => {
      if (!shared) connection.giveBack(destroy && fault !== 'ignores discard')
    }
    try {
      await begin(client, options)
    } catch (error) {
      if (fault !== 'works without BEGIN') {
        end(true)
        throw error
      }
    }
    const verdict = await work(transactionOn(connection, onDiscard))
    if (verdict === 'abandon') {
      if (fault !== 'keeps a client whose connection was lost') end(true)
      return { outcome: 'rolled_back' }
    }
    if (verdict === 'rollback') {
      if (fault === 'returns a client in its transaction') {
        end()
        return { outcome: 'rolled_back' }
      }
      try {
        await client.query('ROLLBACK')
      } catch (rollbackError) {
        end(fault !== 'keeps a connection whose ROLLBACK failed')
        if (fault === 'throws what ROLLBACK threw') throw rollbackError
        return { outcome: 'rolled_back', rollbackError }
      }
      end()
      return { outcome: 'rolled_back' }
    }
    return commit(client, end)
  }

  /** For the fault that doesn't notice. */
  function startWithoutConnection(error: unknown): CheckedOut {
    if (fault !== 'works without BEGIN') throw error
    const client = { query: async () => ({ rows: [], command: 'COMMIT', rowCount: null }) } as unknown as PoolClient
    return { client, giveBack: () => {} }
  }

  async function begin(
    client: PoolClient,
    { isolationLevel, readOnly, deferrable }: TransactionOptions,
  ): Promise<void> {
    const modes = [
      ...(isolationLevel ? [`ISOLATION LEVEL ${isolationLevel}`] : []),
      ...(readOnly === undefined ? [] : [readOnly ? 'READ ONLY' : 'READ WRITE']),
      ...(deferrable === undefined ? [] : [deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE']),
    ].join(', ')
    const isPlain = fault === 'ignores transaction options' || fault === 'sets options after BEGIN' || modes === ''
    await client.query(isPlain ? 'BEGIN' : `BEGIN ${modes}`)
    if (fault === 'sets options after BEGIN' && modes !== '') await client.query(`SET TRANSACTION ${modes}`)
  }

  async function commit(client: PoolClient, end: (destroy?: boolean) => void): Promise<TransactionEnd> {
    try {
      const answered = client.query('COMMIT')
      if (fault === 'commits without waiting') {
        answered.catch(() => {}).then(() => end())
        return { outcome: 'committed' }
      }
      const { command } = await answered
      if (fault === 'resets the connection') await client.query('DISCARD ALL')
      if (fault === 'changes a setting') await client.query(`set statement_timeout = '1min'`)
      end()
      return { outcome: command === 'COMMIT' || fault === 'ignores the tag of COMMIT' ? 'committed' : 'rolled_back' }
    } catch (error) {
      if (isConnectionFatal(error)) {
        end(true)
        if (fault === 'calls a lost COMMIT committed') return { outcome: 'committed' }
        if (fault === 'calls a lost COMMIT rolled back') return { outcome: 'rolled_back', error }
        return { outcome: 'unknown', error }
      }
      if (fault === 'rolls back after a refused COMMIT') await client.query('ROLLBACK')
      end(fault === 'destroys a connection after a refused COMMIT')
      return fault === 'resolves a refused COMMIT' ? { outcome: 'committed' } : { outcome: 'rolled_back', error }
    }
  }

  return {
    capabilities: { concurrentTransactions: true, statementTimeout: true, cancel: true, poolWait: true },
    query,
    stream(statement, batchSize, call) {
      let opened: Promise<{ connection: CheckedOut; cursor: DriverCursor }> | undefined
      const open = async () => {
        const connection = await checkOut(call)
        await connection.client.query('BEGIN READ ONLY')
        return { connection, cursor: cursorOn(connection.client, statement, batchSize, fault) }
      }
      let closed: Promise<void> | undefined
      const close = async () => {
        if (!opened) return
        const { connection } = await opened
        if (fault === 'keeps a client after an early end') return
        await connection.client.query('ROLLBACK').then(
          () => connection.giveBack(false),
          () => connection.giveBack(true),
        )
      }
      return {
        async next() {
          opened ??= open()
          return (await opened).cursor.next()
        },
        close() {
          closed ??= close()
          return closed
        },
        cancel: () => void opened?.then(({ connection }) => cancelOnServer(connection.client)),
        abandon() {},
      }
    },
    transaction,
  }
}
