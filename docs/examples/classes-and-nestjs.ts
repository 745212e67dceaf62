// Decorated methods: a service class as NestJS makes one, here without its container.

// #region service
import type { Session } from '@pgtally/core'
import { TrackQuery, TrackTransaction } from '@pgtally/core/decorators'

interface Product {
  readonly id: number
  readonly stock: number
}

export class StockService {
  private readonly session: Session

  constructor(session: Session) {
    this.session = session
  }

  /** What controllers call: it hands the Session over. */
  find(id: number): Promise<Product | undefined> {
    return this.findIn(this.session, id)
  }

  move(from: number, to: number, amount: number): Promise<void> {
    return this.moveIn(this.session, from, to, amount)
  }

  @TrackQuery({ operation: 'find_product', table: 'products' })
  async findIn(session: Session, id: number): Promise<Product | undefined> {
    return (await session.query<Product>('select id, stock from products where id = $1', [id])).rows[0]
  }

  @TrackTransaction({ operation: 'move_stock', isolationLevel: 'serializable' })
  async moveIn(transaction: Session, from: number, to: number, amount: number): Promise<void> {
    await transaction.query('update products set stock = stock - $2 where id = $1', [from, amount])
    await transaction.query('update products set stock = stock + $2 where id = $1', [to, amount])
  }
}

// #endregion

// #region main
import { tracking } from '@pgtally/core'
import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

const pool = new Pool()
const session = createNodePgSession(pool)
const stock = new StockService(session)
// #endregion

await session.query(`
  create table products (id int primary key, stock int not null);
  insert into products values (1, 10), (2, 0)`)
await stock.move(1, 2, 4)
console.log(await stock.find(2))
console.table(tracking.snapshot(), ['operation', 'kind', 'calls'])

await pool.end()
