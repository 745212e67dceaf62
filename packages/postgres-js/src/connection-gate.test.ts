import { expect, it } from 'vitest'
import { createConnectionGate } from './connection-gate.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

it('lets so many in and the others wait, first come first served', async () => {
  const gate = createConnectionGate(2)
  const order: number[] = []
  const admissions = [1, 2, 3, 4].map((visitor) => {
    const { arrived } = gate.enter()
    arrived.then(() => order.push(visitor))
    return arrived
  })
  await settle()
  expect({ order: [...order], used: gate.used, pending: gate.pending }).toEqual({ order: [1, 2], used: 2, pending: 2 })
  const first = await admissions[0]
  first?.leave()
  first?.leave()
  await settle()
  expect({ order, used: gate.used, pending: gate.pending }).toEqual({ order: [1, 2, 3], used: 2, pending: 1 })
})

it('takes back who waits, and nobody who is inside', async () => {
  const gate = createConnectionGate(1)
  const inside = gate.enter()
  const waits = gate.enter()
  inside.giveUp()
  waits.giveUp()
  await expect(waits.arrived).rejects.toMatchObject({ name: 'AbortError' })
  expect({ used: gate.used, pending: gate.pending }).toEqual({ used: 1, pending: 0 })
  ;(await inside.arrived).leave()
  expect(gate.used).toBe(0)
})

it('lets nobody in while it is held, until the last hold is over', async () => {
  const gate = createConnectionGate(1)
  const ends: (() => void)[] = []
  for (const _hold of [1, 2]) gate.hold(new Promise((resolve) => ends.push(() => resolve(undefined))))
  let isIn = false
  gate.enter().arrived.then(() => {
    isIn = true
  })
  ends[0]?.()
  await settle()
  expect(isIn).toBe(false)
  ends[1]?.()
  await settle()
  expect(isIn).toBe(true)
})
