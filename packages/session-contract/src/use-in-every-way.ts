import type { Session } from '@pgtally/core'
import { rejection } from './rejection.ts'

/** One use of each kind: success, failure and early end of statements, streams, transactions and savepoints. */
export async function useInEveryWay(session: Session): Promise<void> {
  const failing = 'select 1 / 0'
  const series = 'select n from generate_series(1, 20) n'
  await session.query('select $1::int as one', [1])
  await rejection(session.query(failing))
  await session.transaction((transaction) => transaction.query('select 1'))
  await session.transaction((transaction) => transaction.query('select 1'), {
    isolationLevel: 'serializable',
    readOnly: true,
    deferrable: true,
  })
  await rejection(session.transaction((transaction) => transaction.query(failing)))
  await rejection(
    session.transaction(async () => {
      throw new Error('mine')
    }),
  )
  await rejection(session.transaction((transaction) => transaction.query(failing).catch(() => {})))
  await session.transaction(async (transaction) => {
    await transaction.transaction((inner) => inner.query('select 1'))
    await rejection(transaction.transaction((inner) => inner.query(failing)))
  })
  await read(session, series)
  await readOneOf(session, series)
  await rejection(read(session, failing))
  await session.transaction(async (transaction) => {
    await read(transaction, series)
    await readOneOf(transaction, series)
  })
  await rejection(session.transaction((transaction) => read(transaction, failing)))
}

async function read(session: Session, text: string): Promise<void> {
  for await (const _row of session.stream(text, [], { batchSize: 5 })) {
    // To the end.
  }
}

async function readOneOf(session: Session, text: string): Promise<void> {
  for await (const _row of session.stream(text, [], { batchSize: 5 })) return
}
