import { describe, expect, it, vi } from 'vitest'
import { parseOptions } from './parse-options.ts'

const optionsOf = (...argv: string[]) => {
  const parsed = parseOptions(argv)
  if (parsed.kind !== 'run') throw new Error(`not to be run: ${JSON.stringify(parsed)}`)
  return parsed.options
}
const messageOf = (...argv: string[]) => {
  const parsed = parseOptions(argv)
  if (parsed.kind !== 'invalid') throw new Error('valid')
  return parsed.message
}

describe('parseOptions', () => {
  it('runs 15 seconds on a throw-away server with a random seed when nothing is said', () => {
    const { seed, ...options } = optionsOf()
    expect(options).toEqual({ seconds: 15, driver: 'node-pg', customers: 100_000, orders: 500_000 })
    expect(Number.isInteger(seed)).toBe(true)
    expect(optionsOf().seed).not.toBe(seed)
  })

  it('reads every option', () => {
    const url = 'postgres://me:secret@localhost:5432/shop'
    expect(
      optionsOf('--seconds', '2.5', '--seed=7', '--database-url', url, '--customers', '10', '--orders', '20'),
    ).toEqual({ seconds: 2.5, seed: 7, databaseUrl: url, driver: 'node-pg', customers: 10, orders: 20 })
  })

  it('does not look at DATABASE_URL', () => {
    vi.stubEnv('DATABASE_URL', 'postgres://localhost/production')
    expect(optionsOf()).not.toHaveProperty('databaseUrl')
    vi.unstubAllEnvs()
  })

  it.each([
    ['--seconds', '0'],
    ['--seconds', '-1'],
    ['--seconds', 'ten'],
    ['--seconds', ''],
    ['--seconds', 'Infinity'],
    ['--seconds', '0x10'],
    ['--seed', '1.5'],
    ['--seed', '-3'],
    ['--seed', '99999999999'],
    ['--customers', '0'],
    ['--driver', 'toString'],
  ])('says in one line what is wrong with %s %s', (option, value) => {
    const message = messageOf(option, value)
    expect(message).toMatch(new RegExp(`^${option} must be `))
    expect(message).not.toContain('\n')
  })

  it.each([[['--sekonds', '3']], [['--seconds']], [['please']]])('refuses %j in one line', (argv) => {
    expect(messageOf(...argv)).toMatch(/^[^\n]+$/)
  })

  it.each([
    [['--database-url', 'mysql://me:secret@localhost/shop']],
    [['--database-url', 'postgres://me:secret@:port/shop']],
    [['--database-ur=postgres://me:secret@localhost/shop']],
    [['postgres://me:secret@localhost/shop']],
  ])('repeats no password, as in %j', (argv) => {
    expect(messageOf(...argv)).not.toContain('secret')
  })

  it('explains the options that people need', () => {
    const parsed = parseOptions(['--help'])
    const text = parsed.kind === 'help' ? parsed.text : ''
    for (const option of ['--seconds', '--seed', '--database-url', '--help']) expect(text).toContain(option)
    expect(text).not.toContain('--customers')
  })
})
