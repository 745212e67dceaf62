import type { Sql } from 'postgres'
import { driverOf } from '../src/driver-of.ts'

/**
 * Compares a `sql` with what it was: its options, hooks and own properties, nothing under way through it. Parsers are compared by
 * number too; postgres.js adds those of array types itself.
 */
export const watchSql = (sql: Sql) => {
  const before = readSql(sql)
  return {
    leaks(): readonly string[] {
      const leaks: string[] = []
      const after = readSql(sql)
      for (const [name, value] of after) if (before.get(name) !== value) leaks.push(`${name} was changed`)
      for (const name of before.keys()) if (!after.has(name)) leaks.push(`${name} was removed`)
      const { used, pending } = driverOf(sql, undefined).pool?.read() ?? {}
      if (used !== 0) leaks.push(`${used} connections are taken`)
      if (pending !== 0) leaks.push(`${pending} callers wait`)
      return leaks
    },
  }
}

const readSql = (sql: Sql): ReadonlyMap<string, unknown> => {
  const facts = new Map<string, unknown>()
  const own = (prefix: string, object: object) => {
    for (const [name, value] of Object.entries(object)) facts.set(`${prefix}.${name}`, value)
  }
  own('sql', sql)
  own('options', sql.options)
  for (const oid of [16, 17, 20, 21, 23, 25, 114, 701, 1082, 1114, 1184, 1700, 3802]) {
    facts.set(`parser ${oid}`, sql.options.parsers[oid])
  }
  return facts
}
