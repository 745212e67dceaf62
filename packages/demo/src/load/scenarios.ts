import type { Session } from '@pgtally/core'
import { categoryCount, emailOf, productCount, type ShopSize, warehouseCount } from '../seed/shop-size.ts'
import { showCategory } from '../shop/catalog.ts'
import { checkOut } from '../shop/checkout.ts'
import { findCustomer, signUp } from '../shop/customers.ts'
import { listOrders } from '../shop/orders.ts'
import type { PaymentProvider } from '../shop/payments.ts'
import { monthlyRevenue } from '../shop/reports.ts'
import { receiveDelivery, transferStock } from '../shop/stock.ts'
import type { Random } from './random.ts'

/** One thing a visitor or clerk does, with all its arguments chosen. */
export type Step = (session: Session) => Promise<unknown>

export interface Scenario {
  readonly name: string
  /** How many of it are in one round of the load. */
  readonly perRound: number
  plan(random: Random): Step
}

/** Products that are moved, delivered and sold are three sets: each trouble is its own, and does not cause the others. */
const products = {
  moved: { from: 1, to: 20 },
  delivered: { from: 21, to: 40 },
  sold: { from: 41, to: productCount },
} as const

/** Waits for all; rejects with the first failure. */
const together = async (...calls: readonly Promise<unknown>[]): Promise<void> => {
  const failed = (await Promise.allSettled(calls)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

export const createScenarios = ({ customers }: ShopSize, payments: PaymentProvider): readonly Scenario[] => {
  const customerId = (random: Random) => random.integer(1, customers)
  let signUps = 0
  return [
    {
      name: 'a customer is looked up',
      perRound: 300,
      plan(random) {
        const id = customerId(random)
        return (session) => findCustomer(session, id)
      },
    },
    {
      name: 'a customer looks at their orders',
      perRound: 24,
      plan(random) {
        const id = customerId(random)
        return (session) => listOrders(session, id)
      },
    },
    {
      name: 'the month is reported',
      perRound: 4,
      plan: () => (session) => monthlyRevenue(session, '2025-01-01'),
    },
    {
      name: 'somebody signs up, one in four for the second time',
      perRound: 48,
      plan(random) {
        const email = random.chance(1 / 4) ? emailOf(customerId(random)) : `visitor-${++signUps}@example.com`
        return (session) => signUp(session, { email, name: 'A visitor' })
      },
    },
    {
      name: 'two warehouses send each other the same products',
      perRound: 1,
      plan(random) {
        const first = random.integer(products.moved.from, products.moved.to - 2)
        const load = { productIds: [first, first + 1, first + 2], quantity: random.integer(1, 5) }
        return (session) =>
          together(
            transferStock(session, { ...load, from: 1, to: 2 }),
            transferStock(session, { ...load, from: 2, to: 1 }),
          )
      },
    },
    {
      name: 'two deliveries of the same product arrive',
      perRound: 5,
      plan(random) {
        const productId = random.integer(products.delivered.from, products.delivered.to)
        const quantity = random.integer(1, 5)
        return (session) =>
          together(
            receiveDelivery(session, productId, 1, quantity),
            receiveDelivery(session, productId, warehouseCount, quantity),
          )
      },
    },
    {
      name: 'an order is placed and paid for',
      perRound: 12,
      plan(random) {
        const quantity = random.integer(1, 3)
        const order = {
          customerId: customerId(random),
          productId: random.integer(products.sold.from, products.sold.to),
          quantity,
          totalCents: quantity * random.integer(500, 20_000),
        }
        return (session) => checkOut(session, payments, order)
      },
    },
    {
      name: 'a category is looked at',
      perRound: 12,
      plan(random) {
        const category = `category-${random.integer(1, categoryCount)}`
        return (session) => showCategory(session, category)
      },
    },
  ]
}
