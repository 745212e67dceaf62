import postgres from 'postgres'
import { expect, it } from 'vitest'
import { createPostgresJsSession, observePool } from './index.ts'
import { requireSupportedSql } from './require-supported-sql.ts'

const refusal = (message: string) =>
  expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION', message: expect.stringContaining(message) })

it('accepts what postgres() returned', () => {
  requireSupportedSql(postgres())
  requireSupportedSql(postgres('postgres://localhost/db', { max: 1, prepare: false }))
})

it('refuses a postgres.js before 3.4.8, and says what to install', () => {
  const { sslnegotiation: _, ...options } = postgres().options as unknown as Record<string, unknown>
  const older = Object.assign(() => {}, { unsafe() {}, begin() {}, reserve() {}, options })
  expect(() => requireSupportedSql(older)).toThrow(refusal('npm install postgres@^3.4.8'))
  const { reserve: _reserve, ...withoutReserve } = { ...older }
  expect(() => requireSupportedSql(Object.assign(() => {}, withoutReserve))).toThrow(refusal('too old'))
})

it('refuses what has no transactions of its own, and anything else', () => {
  const transaction = Object.assign(() => {}, { unsafe() {}, savepoint() {} })
  const reserved = Object.assign(() => {}, { unsafe() {}, release() {} })
  for (const wrong of [transaction, reserved, postgres, undefined, null, {}, 'postgres://localhost', async () => {}]) {
    expect(() => requireSupportedSql(wrong)).toThrow(refusal('what postgres() returned'))
  }
})

it('refuses a name that is none, and a second name for the same sql', () => {
  const sql = postgres('postgres://user:secret@db.example:6543/shop')
  createPostgresJsSession(sql, { poolName: 'main' })
  createPostgresJsSession(sql)
  observePool(sql, { poolName: 'main' })
  expect(() => createPostgresJsSession(sql, { poolName: 'other' })).toThrow(refusal('another name'))
  expect(() => createPostgresJsSession(postgres(), { poolName: ' ' })).toThrow(refusal('poolName'))
})
