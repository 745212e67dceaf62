import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { PGliteWithLive } from '@electric-sql/pglite/live'
import type { PGliteWorker } from '@electric-sql/pglite/worker'
import type { Session } from '@pgtally/core'
import { createPgliteSession } from './create-pglite-session.ts'

declare const db: PGlite
declare const withExtension: PGliteWithLive
declare const worker: PGliteWorker
declare const transaction: Transaction

export const session: Session = createPgliteSession(db)
createPgliteSession(withExtension)
createPgliteSession(worker)

// @ts-expect-error: nothing to begin on
createPgliteSession(transaction)
// @ts-expect-error: not awaited
createPgliteSession(Promise.resolve(db))
// @ts-expect-error: no such option
createPgliteSession(db, { poolName: 'main' })
