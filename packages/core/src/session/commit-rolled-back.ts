import { createTallyError, type PgTallyError } from '../errors/tally-error.ts'
import type { Thrown } from './transaction-state.ts'

/** A statement failed, `work` swallowed its error, and so nothing could be committed. */
export const commitRolledBack = (firstError: Thrown | undefined): PgTallyError =>
  createTallyError(
    'PGTALLY_COMMIT_ROLLED_BACK',
    'Nothing was committed: a statement had failed (see cause) and its error was caught inside the work. Rethrow it, or run what may fail in a savepoint: transaction.transaction(work).',
    firstError === undefined ? {} : { cause: firstError.error },
  )
