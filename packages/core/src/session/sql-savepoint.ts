import { isConnectionFatal } from '../errors/connection-fatal.ts'
import type { DriverTransaction, SavepointEnd, SavepointWork } from './session-driver.ts'

/**
 * A savepoint made by sending its statements. RELEASE once, after a ROLLBACK TO as well: a second one would fail. Nothing is sent
 * once the connection `isLost`.
 */
export const sqlSavepoint = async (
  connection: DriverTransaction,
  name: string,
  work: SavepointWork,
  isLost: () => boolean,
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
  if (isLost() || ('error' in released && isConnectionFatal(released.error))) {
    return { outcome: 'rolled_back', ...released }
  }
  try {
    await send(`rollback to savepoint ${name}`)
    if (!isLost()) await send(`release savepoint ${name}`)
    return { outcome: 'rolled_back', ...released }
  } catch (rollbackError) {
    return { outcome: 'rolled_back', ...released, rollbackError }
  }
}
