/** What a server, and initdb before it, see of the environment: no PG* variable, no locale, none of the caller's secrets. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']
  const entries = Object.entries(process.env).filter(([name]) => kept.includes(name))
  return { ...Object.fromEntries(entries), LC_ALL: 'C', TZ: 'UTC' }
}
