import { isConnectionFatal } from '../errors/connection-fatal.ts'
import type { DriverTransaction, TransactionVerdict } from './session-driver.ts'

/** `error`: what RELEASE was refused with; `rollbackError`: what a failing ROLLBACK TO said. */
export type SavepointEnd =
  | { readonly outcome: 'released' }
  | { readonly outcome: 'rolled_back'; readonly error?: unknown; readonly rollbackError?: unknown }

/**
 * A savepoint made by sending its statements. RELEASE once, after a ROLLBACK TO as well: a second one would fail. Nothing is sent
 * once the connection `isLost`.
 */
export const makeSavepoint = async (
  connection: DriverTransaction,
  name: string,
  work: () => Promise<TransactionVerdict>,
  isLost: () => boolean,
): Promise<SavepointEnd> => {
  const send = (text: string) =>
    connection.query({ text, values: undefined, name: undefined, singleStatement: false }).result
  await send(`savepoint ${name}`)
  const verdict = await work()
  if (verdict === 'abandon') return { outcome: 'rolled_back' }
  const released =
    verdict === 'commit'
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
