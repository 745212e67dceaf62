import type { SessionDriver } from '@pgtally/core/adapter'

const rows: unknown[] = [{ id: 1 }]
const answered = Promise.resolve({ rows, rowCount: 1, command: 'SELECT', statementCount: 1, totalRowCount: 1 })
const ignore = () => {}
const pending = { result: answered, cancel: ignore, abandon: ignore }

/** A database that has always answered already, so that what remains is our own cost. */
export const createInstantDriver = ({ poolWait }: { readonly poolWait: boolean }): SessionDriver => ({
  capabilities: { concurrentTransactions: true, statementTimeout: false, cancel: false, poolWait },
  query(_statement, call) {
    call.connected()
    return pending
  },
  stream() {
    throw new Error('No cursor here.')
  },
  transaction: () => Promise.reject(new Error('No transaction here.')),
})
