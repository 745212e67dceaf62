import type { ErrorKind } from './error-kind.ts'

const codesOfKind = {
  aborted: ['ABORT_ERR'],
  auth_failed: ['SASL_SIGNATURE_MISMATCH'],
  client_misuse: [
    'COPY_IN_PROGRESS',
    'MAX_PARAMETERS_EXCEEDED',
    'NOT_TAGGED_CALL',
    'UNDEFINED_VALUE',
    'UNSAFE_TRANSACTION',
    'PGTALLY_CLIENT_BUSY',
    'PGTALLY_INVALID_OPTION',
    'PGTALLY_SAVEPOINT_OPEN',
    'PGTALLY_STREAM_OPEN',
    'PGTALLY_TRANSACTION_CONTROL',
    'PGTALLY_TRANSACTION_OPTIONS_UNSUPPORTED',
  ],
  connect_timeout: ['CONNECT_TIMEOUT'],
  connection_failed: [
    'EADDRNOTAVAIL',
    'EAI_AGAIN',
    'EAI_FAIL',
    'EAI_NODATA',
    'EAI_NONAME',
    'ECONNREFUSED',
    'EHOSTDOWN',
    'EHOSTUNREACH',
    'ENETDOWN',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPROTO',
    'CERT_CHAIN_TOO_LONG',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CERT_REJECTED',
    'CERT_REVOKED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'CRL_HAS_EXPIRED',
    'CRL_NOT_YET_VALID',
    'CRL_SIGNATURE_FAILURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERROR_IN_CERT_NOT_AFTER_FIELD',
    'ERROR_IN_CERT_NOT_BEFORE_FIELD',
    'HOSTNAME_MISMATCH',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
    'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
    'UNABLE_TO_GET_CRL',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  connection_lost: [
    'CONNECTION_CLOSED',
    'CONNECTION_DESTROYED',
    'ECONNABORTED',
    'ECONNRESET',
    'ENETRESET',
    'ENOTCONN',
    'EPIPE',
    'ETIMEDOUT',
  ],
  pool_closed: ['CONNECTION_ENDED'],
} satisfies Partial<Record<ErrorKind, readonly string[]>>

const kindByCode: ReadonlyMap<string, ErrorKind> = new Map(
  Object.entries(codesOfKind).flatMap(([kind, codes]) => codes.map((code) => [code, kind as ErrorKind] as const)),
)

/**
 * Beginnings of the messages that the drivers themselves make, in English always, for errors that carry no code. A longer
 * one stands before its own beginning.
 */
const kindByMessage: readonly (readonly [string, ErrorKind])[] = [
  ['Connection terminated due to connection timeout', 'connect_timeout'],
  ['Connection terminated', 'connection_lost'],
  ['Client has encountered a connection error', 'connection_lost'],
  ['Client was closed and is not queryable', 'connection_lost'],
  ['timeout exceeded when trying to connect', 'pool_timeout'],
  ['timeout expired', 'connect_timeout'],
  ['Query read timeout', 'client_timeout'],
  ['Cannot use a pool after calling end', 'pool_closed'],
  ['PGlite is clos', 'pool_closed'],
  ['SASL: ', 'auth_failed'],
  ['The server does not support SSL connections', 'connection_failed'],
  ['There was an error establishing an SSL connection', 'connection_failed'],
  ['Prepared statements must be unique', 'client_misuse'],
  ['Release called on client which has already been released', 'client_misuse'],
  ['Called end on pool more than once', 'client_misuse'],
  ['Client has already been connected', 'client_misuse'],
  ['A query must have either text or a name', 'client_misuse'],
  ['Query values must be an array', 'client_misuse'],
  ['Transaction is closed', 'client_misuse'],
]

/** Node's TLS layer makes one code for each failing check. */
const isTlsCode = (code: string): boolean => code.startsWith('ERR_TLS_') || code.startsWith('ERR_SSL_')

/** The kind of a code given by Node, a driver or pgtally; absent for any other. */
export const kindOfClientCode = (code: string): ErrorKind | undefined =>
  kindByCode.get(code) ?? (isTlsCode(code) ? 'connection_failed' : undefined)

/** The kind of a driver's own message; absent for any other. */
const beginsAs = (message: string): ErrorKind | undefined =>
  kindByMessage.find(([beginning]) => message.startsWith(beginning))?.[1]

/** Knex puts the statement and ` - ` in front of a driver's message, and hands the same error on. */
export const kindOfClientMessage = (message: string): ErrorKind | undefined => {
  const statementEnd = message.lastIndexOf(' - ')
  return beginsAs(message) ?? (statementEnd === -1 ? undefined : beginsAs(message.slice(statementEnd + 3)))
}
