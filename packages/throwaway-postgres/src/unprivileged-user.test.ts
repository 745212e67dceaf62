import { expect, it } from 'vitest'
import { unprivilegedUser } from './unprivileged-user.ts'

const isRoot = process.geteuid?.() === 0

it('takes an id that belongs to no one where none of the users exists, and changes nothing for an ordinary user', async () => {
  expect(await unprivilegedUser(['no-such-user-here'])).toEqual(isRoot ? { uid: 65534, gid: 65534 } : {})
})

it('never takes root', async () => {
  expect((await unprivilegedUser()).uid).not.toBe(0)
})
