import assert from 'node:assert/strict'
import { pollUntil } from '../poll-until.ts'
import { rejectionWithCode } from '../rejection.ts'
import type { SessionLaw } from '../session-law.ts'

export const startsAtTheCall: SessionLaw = {
  number: 'L1',
  title: 'a statement starts at the call, awaited or not, and runs once however often it is awaited',
  needs: 'database',
  async check({ session, createTable, countRows }) {
    const table = await createTable('id int')
    const pending = session.query(`insert into ${table} values (1)`)
    await pollUntil('the statement ran though nobody awaited it', async () => (await countRows(table)) > 0)
    await pending
    await pending.then(() => pending)
    await session.transaction(async (transaction) => {
      const inside = transaction.query(`insert into ${table} values (2)`)
      await Promise.all([inside, inside])
    })
    assert.equal(await countRows(table), 2)
  },
}

export const givesNativePromises: SessionLaw = {
  number: 'L1',
  title: 'query and transaction return native promises',
  needs: 'nothing',
  async check({ session }) {
    const promises = [session.query('select 1'), session.transaction((transaction) => transaction.query('select 1'))]
    for (const promise of promises) {
      assert.equal(Object.getPrototypeOf(promise), Promise.prototype)
      await promise
    }
  },
}

export const neverSendsAgain: SessionLaw = {
  number: 'L1',
  title: 'a statement that fails is not sent again',
  needs: 'database',
  async check({ session, createTable, verify }) {
    const table = await createTable('id serial')
    // A sequence keeps what a failed statement took from it.
    const failing = `select 1 / (nextval('${table}_id_seq') * 0)`
    const taken = async () => (await verify(`select last_value::int as taken from ${table}_id_seq`))[0]?.taken
    await rejectionWithCode(session.query(failing), '22012')
    assert.equal(await taken(), 1)
    await rejectionWithCode(
      session.transaction((transaction) => transaction.query(failing)),
      '22012',
    )
    assert.equal(await taken(), 2)
  },
}
