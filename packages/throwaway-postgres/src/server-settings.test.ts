import { expect, it } from 'vitest'
import { checkSettings, settingArguments } from './server-settings.ts'

it('lets settings win over the defaults, and the address over both', () => {
  const args = settingArguments({ fsync: true, work_mem: '8MB' }, { port: 5432 })
  expect(args).toEqual(expect.arrayContaining(['fsync=on', 'work_mem=8MB', 'port=5432', 'synchronous_commit=off']))
  expect(args).not.toContain('fsync=off')
})

it.each(['listen_addresses', 'PORT', 'unix_socket_directories', 'hba_file', 'no such', ''])('refuses %o', (name) => {
  expect(() => checkSettings({ [name]: 'x' })).toThrow(expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION' }))
})

it('accepts the settings of extensions', () => {
  expect(() => checkSettings({ 'auto_explain.log_min_duration': 0 })).not.toThrow()
})
