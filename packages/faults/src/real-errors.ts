import { classifyError } from '@pgtally/core'
import type { OpenedSession, OpenOptions } from './drivers/fault-driver.ts'
import { atLeast, fact, none } from './figure.ts'
import { realErrorCases } from './real-error-cases.ts'
import { rejectionOf } from './rejection-of.ts'
import type { ServerScenario } from './scenario.ts'

export const realErrors: ServerScenario = {
  name: 'real-errors',
  title: 'faults of a real server and network get their kind',
  needs: 'server',
  async run(run) {
    const { server, driver } = run
    await server.clear()
    await server.look(`
      create table account (id int primary key, balance int not null);
      create table owner (account_id int references account (id) deferrable initially deferred)`)
    const wrong: string[] = []
    const seen = new Set<string>()
    const used = realErrorCases.filter((one) => driver.limitsPoolWait || !one.onlyWherePoolWaitIsLimited)
    for (const { what, kind, sqlState, kindWithoutWord, fail } of used) {
      await server.look('truncate account, owner; insert into account values (1, 1), (2, 1)')
      const opened: OpenedSession[] = []
      const open = (options?: Partial<OpenOptions>) => {
        const one = driver.open({ connectionString: server.connectionString, max: 2, ...options })
        opened.push(one)
        return one
      }
      const rejection = await rejectionOf(fail({ ...run, session: open().session, open }))
      const found = typeof rejection === 'string' ? { kind: rejection } : classifyError(rejection.error)
      const text = [found.kind, 'sqlState' in found ? found.sqlState : undefined].filter(Boolean).join(' ')
      const expected = [kind, sqlState].filter(Boolean).join(' ')
      const isSo = text === expected || (!driver.passesLastWord && text === kindWithoutWord)
      if (isSo) seen.add(text)
      else wrong.push(`${what}: ${text}`)
      for (const one of opened) await one.close()
    }
    return [
      atLeast('faults', used.length, 16),
      none('of another kind than expected', wrong),
      fact('different kinds', seen.size),
    ]
  },
}
