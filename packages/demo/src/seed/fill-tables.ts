import { categoryCount, ordersFrom, productCount, type ShopSize } from './shop-size.ts'

type Run = (text: string, values?: readonly unknown[]) => Promise<unknown>

/** Rows whose ids were chosen by us leave the sequence behind at 1. */
const restartIds = (run: Run, table: string) =>
  run(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`)

export const fillTables = async (
  run: Run,
  { customers, orders }: ShopSize,
  progress: (line: string) => void,
): Promise<void> => {
  progress(`Creating ${customers.toLocaleString('en')} customers and ${productCount.toLocaleString('en')} products …`)
  await run(
    `insert into customers (id, email, name)
     select id, 'customer-' || id || '@example.com', 'Customer ' || id from generate_series(1, $1) id`,
    [customers],
  )
  await restartIds(run, 'customers')
  await run(
    `insert into products (id, category, name, price_cents, stock_limit)
     select id, 'category-' || 1 + id % $2, 'Product ' || id, 100 + (random() * 20000)::int, 1000000
       from generate_series(1, $1) id`,
    [productCount, categoryCount],
  )
  await restartIds(run, 'products')
  await run(
    `insert into stock (product_id, warehouse_id, quantity)
     select products.id, warehouses.id, 20000 + (random() * 20000)::int from products, warehouses`,
  )
  progress(`Creating ${orders.toLocaleString('en')} orders …`)
  await run(
    `insert into orders (customer_id, product_id, quantity, total_cents, placed_at)
     select 1 + floor(random() * $2)::int, product_id, quantity, quantity * price_cents, $4::timestamptz + random() * interval '730 days'
       from (select 1 + floor(random() * $3)::int as product_id, 1 + floor(random() * 4)::int as quantity
               from generate_series(1, $1)) as sold
       join products on products.id = product_id`,
    [orders, customers, productCount, ordersFrom],
  )
}
