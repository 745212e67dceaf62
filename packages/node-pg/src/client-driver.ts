import { createTallyError, type SessionDriver } from '@pgtally/core/adapter'
import { beginText } from './begin-text.ts'
import { isInTransaction } from './check-out.ts'
import { watchClient } from './client-watch.ts'
import type { ConnectionOwner } from './connection-parts.ts'
import type { PgClient } from './pg-client.ts'
import { createPgConnection } from './pg-connection.ts'
import { runTransaction } from './run-transaction.ts'

/** All on the one client that the user gave, which is never released, ended or destroyed. */
export const createClientDriver = (client: PgClient): SessionDriver => {
  const owner: ConnectionOwner = { exclusive: false, openStream: undefined, discard() {}, destroy() {} }
  const watch = watchClient(client, true)
  const connection = createPgConnection(client, watch, owner)
  const { query, stream } = connection
  let open = false
  return {
    capabilities: { concurrentTransactions: false, statementTimeout: true, cancel: true, poolWait: false },
    query,
    stream,
    async transaction(options, work, call) {
      if (open || (watch.loss === undefined && isInTransaction(client))) throw clientIsBusy()
      open = true
      watch.hold()
      try {
        return await runTransaction(
          connection,
          owner,
          beginText(options),
          () => work({ query, stream, discard: owner.discard }),
          call.lost,
        )
      } finally {
        watch.letGo()
        open = false
      }
    },
  }
}

const clientIsBusy = () =>
  createTallyError(
    'PGTALLY_CLIENT_BUSY',
    'This client has a transaction open already. Call transaction() on that one for a savepoint, wait for its end, or use a Pool.',
  )
