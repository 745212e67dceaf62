const advice: Readonly<Record<string, string>> = {
  deadlock: 'Transactions waited for each other until PostgreSQL ended one: take locks in the same order everywhere.',
  serialization_failure:
    'Transactions that ran at the same time could not all be true: that is what stricter isolation costs, and its callers must be ready to run them again.',
  lock_timeout: 'Somebody else held a lock for too long: look for long and idle transactions.',
  pool_timeout: 'No connection came free in time: look at what holds them.',
  unique_violation: 'The value was taken: if that is an answer to your users, name it in expectedErrors.',
  commit_rolled_back: 'A statement had failed and its error was swallowed, so COMMIT was answered by ROLLBACK.',
  connection_failed: 'The server could not be reached.',
  connection_lost: 'The connection broke; what was sent may or may not have been done.',
  outcome_unknown: 'The connection was lost around COMMIT: whether it was done is not known.',
  canceled: 'The server canceled it: a statement timeout, or somebody asked for it.',
  too_many_connections: 'The server has no connection slots left.',
  undefined_table: 'The table is not there: a migration is missing, or the search path leads elsewhere.',
  undefined_column: 'The column is not there: code and schema are of different versions.',
  syntax_error: 'PostgreSQL does not understand the statement.',
  application: 'Its own code threw: the database is not the cause.',
}

/** A sentence with a blank before it; empty where the kind says it all. */
export const adviceOn = (kind: string): string => (advice[kind] === undefined ? '' : ` ${advice[kind]}`)
