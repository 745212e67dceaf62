import { watchClient } from './client-watch.ts'
import { type ConnectionOwner, notSent } from './connection-parts.ts'
import { internalsOf, type PgClient, type PgPool, type PgPoolClient } from './pg-client.ts'
import { createPgConnection, type PgConnection } from './pg-connection.ts'

/** A client of a pool's, in our hands. */
export interface Lease {
  readonly connection: PgConnection
  readonly client: PgPoolClient
  readonly owner: ConnectionOwner
  /** Gives it back, or ends it where its state is not known to be idle. Once; later calls do nothing. */
  end(): Promise<void>
}

export interface CheckOut {
  readonly arrived: Promise<Lease>
  /** Rejects at once; the client goes back as soon as it arrives. */
  giveUp(): void
}

export const checkOut = (pool: PgPool): CheckOut => {
  let giveUp = () => {}
  const arrived = new Promise<Lease>((resolve, reject) => {
    let lease: Lease | undefined
    let gaveUp = false
    giveUp = () => {
      gaveUp = true
      reject(notSent())
    }
    takeIdleClient(pool).then((client) => {
      if (gaveUp) return client.release()
      lease = createLease(pool, client)
      return resolve(lease)
    }, reject)
  })
  return { arrived, giveUp: () => giveUp() }
}

/** Passes over connections that an earlier user gave back inside an open transaction: what runs there would be lost with it. */
const takeIdleClient = async (pool: PgPool): Promise<PgPoolClient> => {
  for (let suspects = pool.totalCount; ; suspects -= 1) {
    const client = await pool.connect()
    if (suspects <= 0 || !isInTransaction(client)) return client
    client.release(true)
  }
}

/** As the server said with its last answer; false where this `pg` does not keep it. */
export const isInTransaction = (client: PgClient): boolean => {
  const status = internalsOf(client).getTransactionStatus?.()
  return status === 'T' || status === 'E'
}

const createLease = (pool: PgPool, client: PgPoolClient): Lease => {
  const watch = watchClient(client, false)
  let discarded = false
  let released = false
  const release = (destroy: boolean) => {
    if (released) return
    released = true
    try {
      if (destroy) client.release(true)
      else client.release()
    } finally {
      watch.letGo()
    }
  }
  const owner: ConnectionOwner = {
    exclusive: true,
    openStream: (pool.options as { readonly stream?: unknown }).stream,
    discard() {
      discarded = true
    },
    destroy() {
      if (released) return
      watch.lose(new Error('Connection terminated'))
      release(true)
      internalsOf(client).connection?.stream.destroy()
    },
  }
  const connection = createPgConnection(client, watch, owner)
  watch.hold()
  return {
    connection,
    client,
    owner,
    async end() {
      const cancelling = connection.cancelling()
      if (cancelling !== undefined) await cancelling
      if (!discarded) await watch.whenReady()
      release(discarded || watch.loss !== undefined || isInTransaction(client))
    },
  }
}
