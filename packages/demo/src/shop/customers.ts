import { type Session, withQueryTracking } from '@pgtally/core'

export interface Customer {
  readonly id: number
  readonly email: string
  readonly name: string
}

export const findCustomer = withQueryTracking(
  async (session: Session, id: number) =>
    (await session.query<Customer>('select id, email, name from customers where id = $1', [id])).rows[0],
  { operation: 'find_customer', table: 'customers' },
)

/** People sign up twice: an e-mail that is taken is an answer to them, and nothing to wake anybody for. */
export const signUp = withQueryTracking(
  async (session: Session, { email, name }: Omit<Customer, 'id'>) => {
    const { rows } = await session.query<Pick<Customer, 'id'>>(
      'insert into customers (email, name) values ($1, $2) returning id',
      [email, name],
    )
    return rows[0]?.id
  },
  { operation: 'sign_up', table: 'customers', expectedErrors: ['unique_violation'] },
)
