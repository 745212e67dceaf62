import { readPools } from '@pgtally/core/adapter'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { driverOf } from '../src/driver-of.ts'
import { createNodePgSession, observePool } from '../src/index.ts'
import { openDatabase, type TestDatabase } from './open-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())

const numbersOf = (name: string) =>
  readPools()
    .find(({ poolName }) => poolName === name)
    ?.read()

it('publishes the pool’s numbers as they are when they are read', async () => {
  const pool = database.openPool({ max: 2 })
  observePool(pool, { poolName: 'observed' })
  expect(numbersOf('observed')).toEqual({ used: 0, idle: 0, pending: 0, limit: 2 })
  const first = await pool.connect()
  const second = await pool.connect()
  const third = pool.connect()
  await vi.waitFor(() => expect(pool.waitingCount).toBe(1))
  expect(numbersOf('observed')).toEqual({ used: 2, idle: 0, pending: 1, limit: 2 })
  first.release()
  second.release()
  ;(await third).release()
  expect(numbersOf('observed')).toEqual({ used: 0, idle: 2, pending: 0, limit: 2 })
  expect(pool.eventNames()).toEqual([])
})

it('is the same pool for a Session, by one name', () => {
  const pool = database.openPool()
  createNodePgSession(pool, { poolName: 'shared' })
  const facts = driverOf(pool, undefined).pool
  observePool(pool)
  observePool(pool, { poolName: 'shared' })
  expect(facts).toMatchObject({ pool, name: 'shared' })
  expect(driverOf(pool, undefined).pool).toBe(facts)
  expect(() => observePool(pool, { poolName: 'another' })).toThrow(
    expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION' }),
  )
})

it('names a pool by host, port and database if not told otherwise', () => {
  expect(driverOf(database.openPool(), undefined).pool?.name).toBe(`${database.host}:${database.port}/postgres`)
})

it('refuses what is no pool, and no name', () => {
  const invalid = expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION' })
  expect(() => observePool(new pg.Client() as never)).toThrow(invalid)
  expect(() => observePool(database.openPool(), { poolName: '' })).toThrow(invalid)
  expect(() => createNodePgSession(new pg.Client(), { poolName: 'client' })).toThrow(invalid)
})
