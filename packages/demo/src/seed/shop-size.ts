export interface ShopSize {
  readonly customers: number
  readonly orders: number
}

export const productCount = 2_000
export const warehouseCount = 3

/** Categories are named `category-1` and so on. */
export const categoryCount = 80

/** Orders were placed in the two years from then on. */
export const ordersFrom = '2024-01-01'

/** The e-mail address of the customer with this id. */
export const emailOf = (customerId: number): string => `customer-${customerId}@example.com`
