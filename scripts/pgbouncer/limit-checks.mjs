// Where PgBouncer is not a server: its own queue, settings, startup parameters, prepared statements.
import { strict as assert } from 'node:assert'
import { classifyError } from '../../packages/core/src/index.ts'
import {
  clients,
  described,
  each,
  failures,
  fitting,
  holdAll,
  lostIn,
  rejection,
  serverConnections,
  single,
} from './trial.mjs'

const firstKind = ([error]) => error && classifyError(error).kind

export const limitChecks = [
  {
    name: 'more clients than server connections',
    expected: ({ poolMode, isPg }) => (poolMode === 'session' ? lostIn(isPg) : 'works'),
    async run({ open }) {
      const session = open({ max: serverConnections + 5 })
      // Each holds its client for a while, so that all are opened.
      const failed = await failures(Array.from({ length: clients }, () => session.query('select pg_sleep(0.02)')))
      return failed[0] && described(failed[0])
    },
  },
  {
    name: 'no server connection is free in time (query_wait_timeout)',
    expected: ({ isPg }) => lostIn(isPg),
    async run({ open, direct }) {
      const held = await holdAll(open(fitting), direct, 4)
      const error = await rejection(open({ max: 1 }).query('select 1'))
      await held.over
      return described(error)
    },
  },
  {
    name: 'a setting of one client',
    expected: ({ poolMode }) => (poolMode === 'session' ? 'works' : 'reaches other clients'),
    async run({ open }) {
      const mine = open({ max: 1 })
      await mine.query("set work_mem = '1234kB'")
      const others = Array.from({ length: serverConnections - 1 }, () => open({ max: 1 }))
      const found = await each(others.length, (index) => single(others[index], 'show work_mem'))
      await mine.query('reset work_mem')
      return found.includes('1234kB') ? 'reaches other clients' : undefined
    },
  },
  {
    name: 'statement_timeout as a startup parameter',
    expected: '08P01, connection_lost',
    async run({ open }) {
      const session = open({ max: 1, parameters: { statement_timeout: 1000 } })
      return described(await rejection(session.query('select 1')))
    },
  },
  {
    name: 'name, on many clients at once',
    expected: ({ poolMode, isPreparing, isPg }) =>
      poolMode === 'session' || isPreparing || !isPg ? 'works' : 'prepared_statement',
    async run({ open, poolMode }) {
      const sessions = [open(fitting), poolMode === 'session' ? undefined : open(fitting)]
      const send = (index) =>
        (sessions[index % 2] ?? sessions[0]).query('select $1::int as n', [index], { name: 'pgtally_tried' })
      return firstKind(await failures(Array.from({ length: clients }, (_, index) => send(index))))
    },
  },
  {
    name: 'name, in transactions',
    expected: ({ poolMode, isPreparing }) => (poolMode === 'session' || isPreparing ? 'works' : 'prepared_statement'),
    async run({ open, poolMode }) {
      const session = open({ max: poolMode === 'session' ? serverConnections : 8 })
      const inTransaction = (index) =>
        session.transaction((transaction) =>
          transaction.query('select $1::int as n', [index], { name: `pgtally_inside_${index % 3}` }),
        )
      return firstKind(await failures(Array.from({ length: clients }, (_, index) => inTransaction(index))))
    },
  },
  {
    name: 'nothing is left open on the server',
    expected: 'works',
    async run({ direct }) {
      const open = `select count(*)::int from pg_stat_activity where state like 'idle in transaction%'`
      assert.equal(await single(direct, open), 0)
    },
  },
]
