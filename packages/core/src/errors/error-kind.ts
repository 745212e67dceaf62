/**
 * Every kind of failure that is told apart. The list is closed, so that a kind can be a metric label; the raw SQLSTATE
 * is reported beside it.
 */
export const errorKinds = [
  'unique_violation',
  'foreign_key_violation',
  'not_null_violation',
  'check_violation',
  'exclusion_violation',
  'integrity_violation',
  'deadlock',
  'serialization_failure',
  'lock_timeout',
  'canceled',
  'aborted',
  'session_timeout',
  'transaction_aborted',
  'read_only',
  'transaction_state',
  'commit_rolled_back',
  'connection_failed',
  'connect_timeout',
  'connection_lost',
  'outcome_unknown',
  'server_shutdown',
  'pool_timeout',
  'pool_closed',
  'too_many_connections',
  'auth_failed',
  'insufficient_privilege',
  'syntax_error',
  'undefined_table',
  'undefined_column',
  'undefined_object',
  'invalid_statement',
  'prepared_statement',
  'data_exception',
  'disk_full',
  'out_of_memory',
  'resource_exhausted',
  'raised',
  'client_timeout',
  'client_misuse',
  'server_error',
  'other_sql',
  'application',
] as const

/** What went wrong, in one word of the closed list `errorKinds`. */
export type ErrorKind = (typeof errorKinds)[number]

/**
 * Kinds after which the same work may succeed when it is run again from its start: the whole transaction where there was
 * one, after a pause where the server was short of something. `connection_lost` is not among them, since what was sent
 * may have been done.
 */
export const retryableKinds: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'deadlock',
  'serialization_failure',
  'lock_timeout',
  'session_timeout',
  'connection_failed',
  'connect_timeout',
  'server_shutdown',
  'pool_timeout',
  'too_many_connections',
  'prepared_statement',
  'disk_full',
  'out_of_memory',
  'resource_exhausted',
])
