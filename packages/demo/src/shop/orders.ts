import { type Session, withQueryTracking } from '@pgtally/core'

export interface Order {
  readonly id: number
  readonly productId: number
  readonly quantity: number
  readonly totalCents: number
  readonly placedAt: Date
}

export interface NewOrder {
  readonly customerId: number
  readonly productId: number
  readonly quantity: number
  readonly totalCents: number
}

/** `orders.customer_id` has no index, which is what the demo is there to show: every call reads the whole table. */
export const listOrders = withQueryTracking(
  async (session: Session, customerId: number) => {
    const { rows } = await session.query<Order>(
      `select id, product_id as "productId", quantity, total_cents as "totalCents", placed_at as "placedAt"
         from orders
        where customer_id = $1
        order by placed_at desc
        limit 20`,
      [customerId],
    )
    return rows
  },
  { operation: 'list_orders', table: 'orders', slowThresholdMs: 20 },
)

export const addOrder = withQueryTracking(
  async (session: Session, { customerId, productId, quantity, totalCents }: NewOrder) => {
    const { rows } = await session.query<Pick<Order, 'id'>>(
      'insert into orders (customer_id, product_id, quantity, total_cents) values ($1, $2, $3, $4) returning id',
      [customerId, productId, quantity, totalCents],
    )
    return rows[0]?.id
  },
  { operation: 'add_order', table: 'orders' },
)
