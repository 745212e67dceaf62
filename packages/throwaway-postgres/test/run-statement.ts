import { Client } from 'pg'

type Row = Record<string, unknown>

/** Connects, runs one statement, disconnects. */
export async function runStatement(connectionString: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}

/** The first column of the first row. */
export async function readValue(connectionString: string, statement: string): Promise<unknown> {
  const [row = {}] = await runStatement(connectionString, statement)
  return Object.values(row)[0]
}
