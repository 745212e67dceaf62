export type ThrowawayPostgresErrorCode =
  | 'PGTALLY_INVALID_OPTION'
  | 'PGTALLY_POSTGRES_MISSING'
  | 'PGTALLY_POSTGRES_UNSUPPORTED'
  | 'PGTALLY_POSTGRES_START_FAILED'

export class ThrowawayPostgresError extends Error {
  override readonly name = 'ThrowawayPostgresError'
  readonly code: ThrowawayPostgresErrorCode

  constructor(code: ThrowawayPostgresErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
