import { TrackQuery, TrackTransaction } from '../../src/decorators.ts'
import type { Session } from '../../src/index.ts'
import { Log, log, Mark, SetMetadata } from './other-decorators.ts'

class Service {
  readonly shop: string
  #calls = 0

  constructor(shop: string) {
    this.shop = shop
  }

  get calls(): number {
    return this.#calls
  }

  @SetMetadata('above', 'role')
  @TrackQuery({ operation: 'find_order', table: 'orders' })
  @SetMetadata('roles', 'admin')
  @Mark('found')
  async findOrder(session: Session, id: number, note = 'none'): Promise<unknown[]> {
    this.#calls++
    await session.query('select order', [id])
    return [this.shop, id, note, session]
  }

  @TrackQuery({ operation: 'count_orders' })
  static async countOrders(...ids: number[]): Promise<unknown[]> {
    // biome-ignore lint/complexity/noThisInStatic: what `this` is, is the question
    return [this === Service, ids]
  }

  @TrackTransaction({ operation: 'place_order', isolationLevel: 'serializable' })
  async placeOrder(transaction: Session, id: number): Promise<unknown> {
    await transaction.query('insert order')
    return (await this.findOrder(transaction, id))[1]
  }

  @Log('outer')
  @TrackQuery({ operation: 'between' })
  @Log('inner')
  async between(): Promise<void> {
    log.push('method')
  }

  @TrackQuery({ operation: 'fail', expectedErrors: ['application'] })
  async fail(error: unknown): Promise<never> {
    throw error
  }
}

export class OrderService extends Service {
  @TrackQuery({ operation: 'find_own_order' })
  override async findOrder(session: Session, id: number): Promise<unknown[]> {
    return ['own', ...(await super.findOrder(session, id, 'inherited'))]
  }
}

export const BaseService = Service

// What doesn't compile. Both protocols agree.

export class Refused {
  // @ts-expect-error: a number
  @TrackQuery({ operation: 'sync' })
  sync(): number {
    return 3
  }

  // @ts-expect-error: a stream
  @TrackQuery({ operation: 'stream' })
  async *stream(): AsyncGenerator<number> {
    yield 1
  }

  // @ts-expect-error: nothing to begin on
  @TrackTransaction({ operation: 'nothing' })
  async nothing(): Promise<void> {}

  // @ts-expect-error: a part of a Session is not enough to begin on
  @TrackTransaction({ operation: 'part' })
  async part(_transaction: Pick<Session, 'query'>): Promise<void> {}
}
