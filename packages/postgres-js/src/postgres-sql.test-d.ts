import type { ReservedSql, Sql, TransactionSql } from 'postgres'
import postgres from 'postgres'
import { createPostgresJsSession } from './create-postgres-js-session.ts'
import { observePool } from './observe-pool.ts'

declare const transaction: TransactionSql
declare const reserved: ReservedSql
declare const withTypes: Sql<{ point: readonly number[] }>

createPostgresJsSession(postgres(), { poolName: 'main' })
createPostgresJsSession(postgres('postgres://localhost', { max: 5 }))
createPostgresJsSession(postgres({ types: { bigint: postgres.BigInt } }))
createPostgresJsSession(withTypes)
observePool(withTypes)
// Its type promises more than it has: it is refused when it is handed over.
createPostgresJsSession(reserved)

// @ts-expect-error: a transaction has no transactions of its own
createPostgresJsSession(transaction)
// @ts-expect-error: no such option
createPostgresJsSession(postgres(), { name: 'main' })
// @ts-expect-error: not what postgres() returned
createPostgresJsSession({})
// @ts-expect-error: not called
createPostgresJsSession(postgres)
