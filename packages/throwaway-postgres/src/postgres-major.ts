import { ThrowawayPostgresError } from './throwaway-postgres-error.ts'

/** A major version of PostgreSQL that npm has binaries of. */
export type PostgresMajor = 15 | 16 | 17 | 18

const majors: readonly PostgresMajor[] = [15, 16, 17, 18]

/** The same value, typed. Throws `PGTALLY_INVALID_OPTION`; `option` is the name it goes by in the message. */
export function checkMajor(value: unknown, option: string): PostgresMajor {
  const major = majors.find((known) => known === value)
  if (major !== undefined) return major
  throw new ThrowawayPostgresError(
    'PGTALLY_INVALID_OPTION',
    `${option} is ${String(value)}; it must be one of ${majors.join(', ')}`,
  )
}
