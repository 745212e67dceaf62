import { type Session, withQueryTracking, withTransactionTracking } from '@pgtally/core'

export interface StockTransfer {
  readonly productIds: readonly number[]
  /** Warehouses. */
  readonly from: number
  readonly to: number
  /** Of each product. */
  readonly quantity: number
}

export class OutOfStockError extends Error {
  override readonly name = 'OutOfStockError'
}

export const isOutOfStock = (error: unknown): boolean => error instanceof OutOfStockError

export const countStock = withQueryTracking(
  async (session: Session, productId: number) => {
    const { rows } = await session.query<{ inStock: number }>(
      'select coalesce(sum(quantity), 0)::int as "inStock" from stock where product_id = $1',
      [productId],
    )
    return rows[0]?.inStock ?? 0
  },
  { operation: 'count_stock', table: 'stock' },
)

/** Takes from the warehouse that has most. */
export const reserveStock = withQueryTracking(
  async (session: Session, productId: number, quantity: number) => {
    const { rowCount } = await session.query(
      `update stock set quantity = quantity - $2
        where product_id = $1 and quantity >= $2 and warehouse_id =
          (select warehouse_id from stock where product_id = $1 order by quantity desc, warehouse_id limit 1)`,
      [productId, quantity],
    )
    if (rowCount === 0) throw new OutOfStockError(`Product ${productId} is out of stock`)
  },
  { operation: 'reserve_stock', table: 'stock', expectedErrors: [isOutOfStock] },
)

const changeStock = (transaction: Session, productId: number, warehouseId: number, by: number) =>
  transaction.query('update stock set quantity = quantity + $3 where product_id = $1 and warehouse_id = $2', [
    productId,
    warehouseId,
    by,
  ])

/**
 * Locks one warehouse's rows and then the other's, which is what the demo is there to show: two transfers of the same
 * products in opposite directions wait for each other until PostgreSQL ends one of them.
 */
export const transferStock = withTransactionTracking(
  async (transaction: Session, { productIds, from, to, quantity }: StockTransfer) => {
    for (const productId of productIds) await changeStock(transaction, productId, from, -quantity)
    await transaction.query(
      `insert into stock_moves (product_id, from_warehouse_id, to_warehouse_id, quantity)
       select product_id, $2, $3, $4 from unnest($1::int[]) as product_id`,
      [productIds, from, to, quantity],
    )
    for (const productId of productIds) await changeStock(transaction, productId, to, quantity)
  },
  { operation: 'transfer_stock', slowThresholdMs: 500 },
)

/**
 * A product's limit is one for all warehouses together, so the sum must still be true at COMMIT: hence serializable. Of
 * two deliveries of one product at the same time, one fails and would be run again by its caller.
 */
export const receiveDelivery = withTransactionTracking(
  async (transaction: Session, productId: number, warehouseId: number, quantity: number) => {
    const inStock = await countStock(transaction, productId)
    const { rows } = await transaction.query<{ stockLimit: number }>(
      'select stock_limit as "stockLimit" from products where id = $1',
      [productId],
    )
    const room = (rows[0]?.stockLimit ?? 0) - inStock
    const accepted = Math.max(0, Math.min(quantity, room))
    await changeStock(transaction, productId, warehouseId, accepted)
    return accepted
  },
  { operation: 'receive_delivery', isolationLevel: 'serializable' },
)
