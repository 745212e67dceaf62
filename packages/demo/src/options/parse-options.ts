import { randomInt } from 'node:crypto'
import { Command, CommanderError, Option } from 'commander'
import { drivers } from '../database/drivers.ts'
import type { ShopSize } from '../seed/shop-size.ts'
import { readNumber } from './read-number.ts'

export interface DemoOptions extends ShopSize {
  readonly seconds: number
  readonly seed: number
  readonly driver: keyof typeof drivers
  /** Absent: a throw-away server. */
  readonly databaseUrl?: string
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: DemoOptions }
  | { readonly kind: 'help'; readonly text: string }
  /** One line. It repeats no address, which may hold a password. */
  | { readonly kind: 'invalid'; readonly message: string }

interface Raw {
  readonly seconds: string
  readonly seed?: string
  readonly driver: string
  readonly databaseUrl?: string
  readonly customers: string
  readonly orders: string
}

const command = (write: (text: string) => void) =>
  new Command('npm start --')
    .description('A small shop on a real PostgreSQL, under load and watched by pgtally.')
    .addOption(new Option('--seconds <number>', 'how long the load runs [15]').default('15', ''))
    .option('--seed <number>', 'repeats a run: the same rows, and the same calls in the same order [random]')
    .option(
      '--database-url <url>',
      'use a database of your own: the shop goes into a schema of its own, and is dropped at the end [a throw-away PostgreSQL]',
    )
    .addOption(
      new Option(
        '--driver <name>',
        `what the shop talks to its database with: ${Object.keys(drivers).join(', ')}`,
      ).default('node-pg'),
    )
    .addOption(new Option('--customers <number>').default('100000').hideHelp())
    .addOption(new Option('--orders <number>').default('500000').hideHelp())
    .helpOption('--help', 'show this')
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })

/** Reads what follows the script's name. DATABASE_URL is not looked at: nobody's real database is loaded by accident. */
export const parseOptions = (argv: readonly string[]): ParsedOptions => {
  let help = ''
  try {
    const raw = command((text) => {
      help += text
    })
      .parse(argv, { from: 'user' })
      .opts<Raw>()
    return { kind: 'run', options: readOptions(raw) }
  } catch (error) {
    if (error instanceof InvalidOption) return { kind: 'invalid', message: error.message }
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: help }
    return { kind: 'invalid', message: withoutValue(error.message.replace(/^error: /, '')) }
  }
}

class InvalidOption extends Error {}

const readOptions = (raw: Raw): DemoOptions => {
  const number = (name: keyof Raw, text: string, limits: Parameters<typeof readNumber>[1]) => {
    const value = readNumber(text, limits)
    if (typeof value === 'string') throw new InvalidOption(`--${name} ${value}`)
    return value
  }
  const { databaseUrl } = raw
  if (databaseUrl !== undefined && !isPostgresUrl(databaseUrl)) {
    throw new InvalidOption('--database-url must be of the form postgres://user:password@host:port/database')
  }
  const driver = readDriver(raw.driver)
  if (driver === 'pglite' && databaseUrl !== undefined) {
    throw new InvalidOption('--database-url does not go with --driver pglite: an embedded database has no address')
  }
  return {
    seconds: number('seconds', raw.seconds, { above: 0, to: 86_400 }),
    seed:
      raw.seed === undefined ? randomInt(2 ** 31) : number('seed', raw.seed, { from: 0, to: 2 ** 31 - 1, whole: true }),
    driver,
    customers: number('customers', raw.customers, { from: 1, to: 10_000_000, whole: true }),
    orders: number('orders', raw.orders, { from: 1, to: 100_000_000, whole: true }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  }
}

const isPostgresUrl = (text: string) => /^postgres(ql)?:/i.test(text) && URL.canParse(text)

const readDriver = (name: string): keyof typeof drivers => {
  if (Object.hasOwn(drivers, name)) return name as keyof typeof drivers
  throw new InvalidOption(`--driver must be one of: ${Object.keys(drivers).join(', ')}`)
}

/** A misspelt `--database-ur=…` is repeated by commander with all that it holds. */
const withoutValue = (message: string) => message.replace(/=[^\n]*'/, "'")
