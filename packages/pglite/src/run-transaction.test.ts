import { createTallyError, type TransactionVerdict } from '@pgtally/core/adapter'
import { expect, it } from 'vitest'
import type { PgliteDatabase, PgliteResult } from './pglite-database.ts'
import { runTransaction } from './run-transaction.ts'

const serverError = (code: string, severity = 'ERROR') => Object.assign(new Error('refused'), { code, severity })

/** PGlite's transaction, with answers that a working PGlite does not give. Keeps what was sent. */
const createDatabase = (answers: Readonly<Record<string, Error | PgliteResult>> = {}) => {
  const sent: string[] = []
  const exec = async (text: string): Promise<PgliteResult[]> => {
    sent.push(text)
    const answer = answers[text]
    if (answer instanceof Error) throw answer
    return [answer ?? { rows: [], command: (text.split(' ')[0] as string).toUpperCase() }]
  }
  const query = async (text: string) => (await exec(text))[0] as PgliteResult
  const db: PgliteDatabase = {
    query,
    exec,
    async transaction(work) {
      await exec('begin')
      try {
        const result = await work({ query, exec })
        await exec('commit')
        return result
      } catch (error) {
        await exec('rollback')
        throw error
      }
    },
  }
  return { db, sent }
}

const run = (db: PgliteDatabase, verdict: TransactionVerdict) => runTransaction(db, {}, async () => verdict)

it('is committed when COMMIT was answered so, and leaves PGlite an empty transaction to end', async () => {
  const { db, sent } = createDatabase()
  expect(await run(db, 'commit')).toEqual({ outcome: 'committed' })
  expect(sent).toEqual(['begin', 'COMMIT AND CHAIN', 'commit'])
})

it('never began where BEGIN or its options were refused: work is not called', async () => {
  for (const refused of ['begin', 'SET TRANSACTION READ ONLY']) {
    const error = serverError('25001')
    const { db } = createDatabase({ [refused]: error })
    const work = async () => expect.unreachable()
    await expect(runTransaction(db, { readOnly: true }, work)).rejects.toBe(error)
  }
})

it('reports a ROLLBACK that failed beside the outcome', async () => {
  const rollbackError = serverError('XX000')
  const { db } = createDatabase({ rollback: rollbackError })
  expect(await run(db, 'rollback')).toEqual({ outcome: 'rolled_back', rollbackError })
  expect(await run(db, 'abandon')).toEqual({ outcome: 'rolled_back' })
})

it('sends no ROLLBACK after a refused COMMIT', async () => {
  const error = serverError('23505')
  const { db, sent } = createDatabase({ 'COMMIT AND CHAIN': error })
  expect(await run(db, 'commit')).toEqual({ outcome: 'rolled_back', error })
  expect(sent).toEqual(['begin', 'COMMIT AND CHAIN', 'BEGIN', 'commit'])
})

it('is unknown where COMMIT was not answered', async () => {
  for (const error of [serverError('57P01', 'FATAL'), new Error('memory access out of bounds')]) {
    const { db } = createDatabase({ 'COMMIT AND CHAIN': error, rollback: new Error('closed') })
    expect(await run(db, 'commit')).toEqual({ outcome: 'unknown', error })
  }
})

it('is unknown where PGlite fails after the server committed', async () => {
  const error = new Error('the file system is full')
  const { db } = createDatabase({ commit: error })
  expect(await run(db, 'commit')).toEqual({ outcome: 'unknown', error })
})

it('does not take a COMMIT without a tag, as of an old PGlite, for a commit', async () => {
  const { db } = createDatabase({ 'COMMIT AND CHAIN': { rows: [] } })
  const error = createTallyError('PGTALLY_INVALID_OPTION', '')
  expect(await run(db, 'commit')).toMatchObject({ outcome: 'unknown', error: { code: error.code } })
})
