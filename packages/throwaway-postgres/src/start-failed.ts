import { ThrowawayPostgresError } from './throwaway-postgres-error.ts'

export function startFailed(what: string, log: string): ThrowawayPostgresError {
  return new ThrowawayPostgresError(
    'PGTALLY_POSTGRES_START_FAILED',
    `${what}. ${log === '' ? 'It logged nothing.' : `Its log ends with:\n${log}`}`,
  )
}
