import Cursor from 'pg-cursor'

export interface CursorReader {
  readonly cursor: Cursor
  read(rowLimit: number): Promise<unknown[]>
}

/**
 * A cursor whose rows are parsed under guard: `pg-cursor` lets the error of a type parser of the user's escape into the socket's
 * handler, where it would end the process.
 */
export const createCursorReader = (text: string, values: readonly unknown[] | undefined): CursorReader => {
  const cursor = new Cursor<unknown>(text, values as unknown[]) as Cursor & { handleDataRow(message: unknown): void }
  const { handleDataRow } = cursor
  let failure: { readonly error: unknown } | undefined
  cursor.handleDataRow = (message) => {
    if (failure !== undefined) return
    try {
      handleDataRow.call(cursor, message)
    } catch (error) {
      failure = { error }
    }
  }
  return {
    cursor,
    async read(rowLimit) {
      const rows = await cursor.read(rowLimit)
      if (failure !== undefined) throw failure.error
      return rows
    },
  }
}
