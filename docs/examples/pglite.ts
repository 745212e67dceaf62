// pgtally over PGlite: tracked functions on the embedded database, a savepoint, a stream beside other work, a limit on waiting.

// #region service
import { PGlite } from '@electric-sql/pglite'
import { type Session, withQueryTracking, withTransactionTracking } from '@pgtally/core'
import { createPgliteSession } from '@pgtally/pglite'

interface Note {
  readonly id: number
  readonly body: string
}

export const findNote = withQueryTracking(
  async (session: Session, id: number) =>
    (await session.query<Note>('select id, body from notes where id = $1', [id])).rows[0],
  { operation: 'find_note', table: 'notes' },
)

export const importNotes = withTransactionTracking(
  async (transaction: Session, bodies: readonly string[]) => {
    let refused = 0
    for (const body of bodies) {
      const insert = transaction.transaction((savepoint) =>
        savepoint.query('insert into notes (body) values ($1)', [body]),
      )
      await insert.catch(() => (refused += 1))
    }
    return { refused }
  },
  { operation: 'import_notes', isolationLevel: 'serializable' },
)

const db = await PGlite.create()
const session = createPgliteSession(db)
// #endregion

// #region stream
export const shortenNotes = withQueryTracking(
  async (session: Session, length: number) => {
    for await (const { id, body } of session.stream<Note>('select id, body from notes', [], { batchSize: 500 })) {
      if (body.length > length) {
        await session.query('update notes set body = $2 where id = $1', [id, body.slice(0, length)])
      }
    }
  },
  { operation: 'shorten_notes', table: 'notes' },
)
// #endregion

// #region wait
export const countNotes = withQueryTracking(
  async (session: Session, signal: AbortSignal) =>
    (await session.query<{ count: number }>('select count(*)::int as count from notes', [], { signal })).rows[0]?.count,
  { operation: 'count_notes', table: 'notes', expectedErrors: ['aborted'] },
)
// #endregion

try {
  await session.query('create table notes (id serial primary key, body text not null check (body <> $$$$))')
  console.log('import:', await importNotes(session, ['milk', '', 'a quarter of a pound of tea']))
  await shortenNotes(session, 11)
  console.log('third note:', await findNote(session, 3))
  await session.transaction(async (transaction) => {
    // On the Session itself it waits for the transaction that it is called from; the signal ends that.
    const given = await countNotes(session, AbortSignal.timeout(50)).catch((error: Error) => error.name)
    console.log('beside the transaction:', given)
    console.log('inside:', await countNotes(transaction, AbortSignal.timeout(5000)))
  })
} finally {
  await db.close()
}
