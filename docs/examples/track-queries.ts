// Tracking functions that query: options, results without a Session, streams, trackers of one's own, repeated queries.

import { createNodePgSession } from '@pgtally/node-pg'
import { Pool } from 'pg'

const pool = new Pool()
const session = createNodePgSession(pool)
await session.query(`
  create table orders (
    id int generated always as identity primary key, customer_id int not null, total int not null check (total > 0));
  create view orders_by_status as select 'open' as status, count(*)::int as orders from orders;
  create table jobs (id int primary key);
  insert into orders (customer_id, total) select n % 20 + 1, n from generate_series(1, 2000) as n`)

// #region find-orders
import { type Session, withQueryTracking } from '@pgtally/core'

interface Order {
  readonly id: number
  readonly customerId: number
  readonly total: number
}

export const findOrders = withQueryTracking(
  async (session: Session, customerId: number) =>
    (
      await session.query<Order>(
        'select id, customer_id as "customerId", total from orders where customer_id = $1 order by id',
        [customerId],
      )
    ).rows,
  { operation: 'find_orders', table: 'orders', service: 'shop', slowThresholdMs: 100 },
)
// #endregion

// #region expected-errors
export class CustomerUnknown extends Error {}

export const placeOrder = withQueryTracking(
  async (session: Session, customerId: number, total: number) => {
    if (customerId < 1) throw new CustomerUnknown()
    await session.query('insert into orders (customer_id, total) values ($1, $2)', [customerId, total])
  },
  {
    operation: 'place_order',
    table: 'orders',
    expectedErrors: ['check_violation', (error) => error instanceof CustomerUnknown],
  },
)
// #endregion

// #region row-count
export const countByStatus = withQueryTracking(
  async (pool: Pool) => pool.query<{ status: string; orders: number }>('select status, orders from orders_by_status'),
  { operation: 'count_by_status', table: 'orders', rowCount: ({ rows }) => rows.length },
)

// #endregion

// #region stream
import { withStreamTracking } from '@pgtally/core'

export const exportOrders = withStreamTracking(
  (session: Session, minimum: number) =>
    session.stream<Order>(
      'select id, customer_id as "customerId", total from orders where total >= $1 order by id',
      [minimum],
      { batchSize: 500 },
    ),
  { operation: 'export_orders', table: 'orders' },
)

// #endregion

// #region page
import { type QueryEvent, tracking } from '@pgtally/core'

export const showOrders = withQueryTracking(
  async (session: Session, customerIds: readonly number[]) => {
    const pages: Order[][] = []
    for (const id of customerIds) pages.push(await findOrders(session, id))
    return pages
  },
  { operation: 'show_orders' },
)

const manyStatements = (event: QueryEvent) => {
  if ((event.statementCount ?? 0) > 10) console.warn(`${event.operation} ran ${event.statementCount} statements`)
}
tracking.observe({ queryEnded: manyStatements })

// #endregion

// #region own-tracker
import { createTracker } from '@pgtally/core'

/** A library measures with a tracker of its own and leaves the application's alone. */
export const queueTracker = createTracker({ service: 'queue', slowQueryThresholdMs: 50 })

export const takeJob = withQueryTracking(
  async (session: Session) => (await session.query('delete from jobs where id = 1 returning id')).rows[0],
  { operation: 'take_job', table: 'jobs', tracker: queueTracker },
)
// #endregion

await placeOrder(session, 7, 12)
await placeOrder(session, 7, -1).catch(() => {})
await placeOrder(session, 0, 5).catch(() => {})
await showOrders(
  session,
  Array.from({ length: 20 }, (_, index) => index + 1),
)
console.log((await countByStatus(pool)).rows)

let exported = 0
for await (const { total } of exportOrders(session, 100)) {
  exported += 1
  if (total === 1500) break
}
console.log(`${exported} orders were read before the loop was left`)
await takeJob(session)

console.table(tracking.snapshot(), ['operation', 'calls', 'errors', 'expectedErrors'])
console.table(queueTracker.snapshot(), ['operation', 'service', 'calls'])

// #region operations
const withoutSession = tracking.operations().filter(({ sessionHandedOver }) => !sessionHandedOver)
console.log(withoutSession.map(({ operation }) => operation))
// #endregion

await pool.end()
