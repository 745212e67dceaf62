// A database of one's own for a test, on a server that is there or on a throw-away one.

// #region open
import { openTestDatabase } from '@pgtally/throwaway-postgres'
import { Client } from 'pg'

const run = async (connectionString: string, statement: string) => {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

const database = await openTestDatabase({ run })
// #endregion

try {
  console.log(await run(database.connectionString, 'select version()'))
} finally {
  await database.drop()
}
