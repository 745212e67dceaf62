/** When a backend dies, in the life of one transaction. */
export type KillPoint =
  | 'before BEGIN'
  | 'after BEGIN'
  | 'in a statement'
  | 'between statements'
  | 'in COMMIT'
  | 'after COMMIT'

/** How the server tells, in pg_stat_activity, that a transaction has got there. */
export const killPoints: Readonly<Record<KillPoint, string>> = {
  'before BEGIN': `state = 'idle'`,
  'after BEGIN': `state = 'idle in transaction'`,
  'in a statement': `state = 'active' and wait_event = 'PgSleep' and query not ilike 'commit%'`,
  'between statements': `state = 'idle in transaction'`,
  'in COMMIT': `state = 'active' and wait_event = 'PgSleep' and query ilike 'commit%'`,
  'after COMMIT': `state = 'idle'`,
}

export const allKillPoints = Object.keys(killPoints) as readonly KillPoint[]
