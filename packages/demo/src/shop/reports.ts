import { type Session, withQueryTracking } from '@pgtally/core'

export interface MonthlyRevenue {
  readonly month: Date
  readonly category: string
  readonly orderCount: number
  readonly revenueCents: number
}

/** Reads and joins every order since `from`. */
export const monthlyRevenue = withQueryTracking(
  async (session: Session, from: string): Promise<MonthlyRevenue[]> => {
    const { rows } = await session.query<MonthlyRevenue & { revenueCents: string }>(
      `select date_trunc('month', placed_at) as month, category,
              count(*)::int as "orderCount", sum(total_cents) as "revenueCents"
         from orders
         join products on products.id = orders.product_id
        where placed_at >= $1
        group by 1, 2
        order by 1, 2`,
      [from],
    )
    // A sum of integers is a bigint, which drivers hand over as text; a shop's cents stay far below 2 ** 53.
    return rows.map((row) => ({ ...row, revenueCents: Number(row.revenueCents) }))
  },
  { operation: 'monthly_revenue', table: 'orders', slowThresholdMs: 100 },
)
