import { ThrowawayPostgresError } from './throwaway-postgres-error.ts'

/** Server settings by name, as in postgresql.conf; a boolean becomes `on` or `off`. */
export type ServerSettings = Readonly<Record<string, string | number | boolean>>

/** Nothing here survives a crash, which is what makes it fast. */
const defaults: ServerSettings = {
  fsync: false,
  synchronous_commit: false,
  full_page_writes: false,
  shared_buffers: '32MB',
}

/** Where the server listens and where its files are is decided by startPostgres. */
const reserved: readonly string[] = [
  'config_file',
  'data_directory',
  'external_pid_file',
  'hba_file',
  'ident_file',
  'listen_addresses',
  'port',
  'unix_socket_directories',
  'unix_socket_group',
  'unix_socket_permissions',
]

/** Throws `PGTALLY_INVALID_OPTION` for a name that can't be a setting or isn't the caller's to choose. */
export function checkSettings(settings: ServerSettings): void {
  for (const name of Object.keys(settings)) {
    if (!/^[a-z_][a-z0-9_.]*$/i.test(name)) throw invalid(name, 'is not the name of a setting')
    if (reserved.includes(name.toLowerCase())) throw invalid(name, 'is chosen by startPostgres')
  }
}

/** Command line arguments for `postgres`; `address` wins over the caller's settings, and they over the defaults. */
export function settingArguments(settings: ServerSettings, address: ServerSettings): string[] {
  return Object.entries({ ...defaults, ...settings, ...address }).flatMap(([name, value]) => [
    '-c',
    `${name}=${typeof value === 'boolean' ? (value ? 'on' : 'off') : value}`,
  ])
}

function invalid(name: string, reason: string): ThrowawayPostgresError {
  return new ThrowawayPostgresError('PGTALLY_INVALID_OPTION', `settings: ${JSON.stringify(name)} ${reason}`)
}
