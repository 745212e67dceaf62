import { type Session, withTransactionTracking } from '@pgtally/core'
import { addOrder, type NewOrder } from './orders.ts'
import { isPaymentDeclined, type PaymentProvider } from './payments.ts'
import { isOutOfStock, reserveStock } from './stock.ts'

/**
 * Waits for the payment while the transaction is open, which is what the demo is there to show: all that while it holds a
 * connection and the lock on the product's row.
 */
export const checkOut = withTransactionTracking(
  async (transaction: Session, payments: PaymentProvider, order: NewOrder) => {
    await reserveStock(transaction, order.productId, order.quantity)
    await payments.charge(order.customerId, order.totalCents)
    return addOrder(transaction, order)
  },
  { operation: 'check_out', slowThresholdMs: 250, expectedErrors: [isPaymentDeclined, isOutOfStock] },
)
