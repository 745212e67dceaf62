import postgres from 'postgres'
import { expect, it } from 'vitest'
import { driverOf } from './driver-of.ts'

it('is one for each sql, named by its address, of which no secret is a part', () => {
  const sql = postgres('postgres://user:secret@db.example:6543/shop', { max: 3 })
  const driver = driverOf(sql, undefined)
  expect(driverOf(sql, undefined)).toBe(driver)
  expect(driver.pool?.name).toBe('db.example:6543/shop')
  expect(driver.pool?.pool).toBe(sql)
  expect(driver.pool?.read()).toEqual({ used: 0, idle: undefined, pending: 0, limit: 3 })
  driverOf(sql, 'main')
  expect(driver.pool?.name).toBe('main')
})

it('reads a limit that stands in the address', () => {
  expect(driverOf(postgres('postgres://db.example/shop?max=2'), undefined).pool?.read().limit).toBe(2)
})
