import { type Session, withQueryTracking } from '@pgtally/core'
import { countStock } from './stock.ts'

export interface Product {
  readonly id: number
  readonly name: string
  readonly priceCents: number
}

export interface ProductOnPage extends Product {
  readonly inStock: number
}

/** Asks for the stock of one product after the other, which is what the demo is there to show: one query per row. */
export const showCategory = withQueryTracking(
  async (session: Session, category: string) => {
    const { rows } = await session.query<Product>(
      'select id, name, price_cents as "priceCents" from products where category = $1 order by id limit 25',
      [category],
    )
    const page: ProductOnPage[] = []
    for (const product of rows) page.push({ ...product, inStock: await countStock(session, product.id) })
    return page
  },
  { operation: 'show_category', table: 'products' },
)
