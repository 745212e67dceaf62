import type { DriverTransaction, SavepointEnd, SavepointWork } from './session-driver.ts'

/** A savepoint made by sending its statements. RELEASE once, after a ROLLBACK TO as well: a second one would fail. */
export const sqlSavepoint = async (
  connection: DriverTransaction,
  name: string,
  work: SavepointWork,
): Promise<SavepointEnd> => {
  const send = (text: string) =>
    connection.query({ text, values: undefined, name: undefined, singleStatement: false }).result
  await send(`savepoint ${name}`)
  const verdict = await work(connection)
  if (verdict === 'abandon') return { outcome: 'rolled_back' }
  const released =
    verdict === 'release'
      ? await send(`release savepoint ${name}`).then(
          () => undefined,
          (error) => ({ error }),
        )
      : {}
  if (released === undefined) return { outcome: 'released' }
  try {
    await send(`rollback to savepoint ${name}`)
    await send(`release savepoint ${name}`)
    return { outcome: 'rolled_back', ...released }
  } catch (rollbackError) {
    return { outcome: 'rolled_back', ...released, rollbackError }
  }
}
