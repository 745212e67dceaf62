import { afterEach, expect, it, vi } from 'vitest'
import { defaultPoolName } from './default-pool-name.ts'

afterEach(() => vi.unstubAllEnvs())

const password = 'hunter2'

it.each([
  [{ host: 'db.internal', port: 6432, database: 'shop' }, 'db.internal:6432/shop'],
  [{ host: 'db.internal' }, 'db.internal:5432'],
  [{ host: '/var/run/postgresql', database: 'shop' }, '/var/run/postgresql:5432/shop'],
  [{ connectionString: `postgres://app:${password}@db.internal:6432/shop` }, 'db.internal:6432/shop'],
  [{ connectionString: `postgresql://app:${password}@db.internal/shop?sslmode=require` }, 'db.internal:5432/shop'],
  [{ connectionString: `postgres://app:${password}@db.internal` }, 'db.internal:5432'],
  [{ connectionString: 'postgres://db.internal/shop', host: 'ignored', database: 'ignored' }, 'db.internal:5432/shop'],
  [{ connectionString: `postgres://app:${password}@[::1]:6432/shop` }, '[::1]:6432/shop'],
  [{ connectionString: `postgres://app:${password}@%2Fvar%2Frun%2Fpostgresql/shop` }, '/var/run/postgresql:5432/shop'],
  [{ connectionString: `postgres://app:${password}@/shop?host=/var/run/postgresql` }, '/var/run/postgresql:5432/shop'],
  [{ connectionString: 'postgres:///shop?host=/var/run/postgresql&port=6432' }, '/var/run/postgresql:6432/shop'],
  [{ connectionString: '/var/run/postgresql shop' }, '/var/run/postgresql:5432/shop'],
])('names by what pg connects to: %j', (options, name) => {
  vi.stubEnv('PGHOST', undefined)
  vi.stubEnv('PGPORT', undefined)
  vi.stubEnv('PGDATABASE', undefined)
  expect(defaultPoolName(options)).toBe(name)
})

it('takes from the environment what is not given', () => {
  vi.stubEnv('PGHOST', 'db.internal')
  vi.stubEnv('PGPORT', '6432')
  vi.stubEnv('PGDATABASE', 'shop')
  expect(defaultPoolName({})).toBe('db.internal:6432/shop')
})

it.each([
  'postgres://app:1234/secret@db.internal/shop',
  'postgres://app:1234?secret@db.internal/shop',
  'postgres://app:1234#secret@db.internal/shop',
  'postgres://app:secret/1@db.internal/shop',
  'postgres://app:sec@ret/1@db.internal/shop',
  'postgres://app:secret @db.internal:port/shop',
  'host=db.internal password=secret',
  'secret',
])('shows nothing of a connection string that it cannot read with certainty: %s', (connectionString) => {
  const name = defaultPoolName({ connectionString })
  expect(name).not.toMatch(/secret|1234|app|ret/)
})
