import { expect, it } from 'vitest'
import { createStatementLane } from './statement-lane.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

it('runs one at a time, in order, whether they succeed or fail', async () => {
  const lane = createStatementLane()
  const log: string[] = []
  const run = (name: string, fails = false) =>
    lane.enter(async () => {
      log.push(`${name} begins`)
      await settle()
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    }).result
  const results = await Promise.allSettled([run('a'), run('b', true), run('c')])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

it('takes back what has not started', async () => {
  const lane = createStatementLane()
  const running = lane.enter(settle)
  let isCalled = false
  const waiting = lane.enter(async () => {
    isCalled = true
  })
  expect(running.leave()).toBe(false)
  expect(waiting.leave()).toBe(true)
  await expect(waiting.result).rejects.toMatchObject({ name: 'AbortError' })
  await running.result
  expect(isCalled).toBe(false)
})

it('rejects what runs and what waits when it is lost, and starts nothing any more', async () => {
  const lane = createStatementLane()
  const never = lane.enter(() => new Promise(() => {}))
  let calls = 0
  const count = async () => {
    calls += 1
  }
  const waiting = lane.enter(count)
  const loss = new Error('lost')
  lane.lose(loss)
  lane.lose(new Error('again'))
  const late = lane.enter(count)
  for (const { result } of [never, waiting, late]) await expect(result).rejects.toBe(loss)
  expect(calls).toBe(0)
})
