import { expectTypeOf } from 'vitest'
import { TrackQuery, TrackTransaction } from '../decorators.ts'
import type { Session } from '../index.ts'

// The TC39 form; the legacy one compiles a file of its own in ../../test.

declare class PendingQuery<Row> extends Promise<Row[]> {
  cursor(): AsyncIterable<Row>
}

export class Repository<Row> {
  @TrackQuery({ operation: 'one', table: undefined })
  async one(session: Session, id: number): Promise<Row | undefined> {
    return (await session.query<Row>('select', [id])).rows[0]
  }

  @TrackQuery({ operation: 'pick', rowCount: (rows) => rows.length })
  async pick<Key extends keyof Row>(session: Session, _key: Key, limit = 10): Promise<Row[Key][]> {
    return (await session.query<Row[Key]>('select', [limit])).rows
  }

  @TrackQuery({ operation: 'of_type' })
  static async ofType(this: typeof Repository, id: number): Promise<number> {
    return id
  }

  @TrackTransaction({ operation: 'save', isolationLevel: 'serializable' })
  async save(transaction: Session, row: Row): Promise<Row> {
    await this.#write(transaction)
    return row
  }

  @TrackQuery({ operation: 'write' })
  async #write(session: Session): Promise<this> {
    await session.query('insert')
    return this
  }
}

interface Order {
  readonly id: number
  readonly note: string
}
declare const orders: Repository<Order>
declare const session: Session
expectTypeOf(orders.one).toEqualTypeOf<(session: Session, id: number) => Promise<Order | undefined>>()
expectTypeOf(orders.pick(session, 'note')).toEqualTypeOf<Promise<string[]>>()

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

  // @ts-expect-error: a lazy query, which would come back as a plain promise
  @TrackQuery({ operation: 'lazy' })
  lazy(): PendingQuery<Order> {
    throw new Error('never called')
  }

  // @ts-expect-error: no operation
  @TrackQuery({ table: 'orders' })
  async unnamed(): Promise<void> {}

  // @ts-expect-error: without options
  @TrackQuery
  async bare(): Promise<void> {}

  // @ts-expect-error: no method
  @TrackQuery({ operation: 'field' })
  field = async () => 3

  // @ts-expect-error: a number
  @TrackTransaction({ operation: 'sync' })
  syncTransaction(_transaction: Session): number {
    return 3
  }

  // @ts-expect-error: nothing to begin on
  @TrackTransaction({ operation: 'nothing' })
  async nothing(): Promise<void> {}

  // @ts-expect-error: a part of a Session is not enough to begin on
  @TrackTransaction({ operation: 'part' })
  async part(_transaction: Pick<Session, 'query'>): Promise<void> {}

  // @ts-expect-error: no Session
  @TrackTransaction({ operation: 'foreign' })
  async foreign(_transaction: { rollback(): void }): Promise<void> {}

  // @ts-expect-error: no such level
  @TrackTransaction({ operation: 'level', isolationLevel: 'chaos' })
  async level(_transaction: Session): Promise<void> {}
}
