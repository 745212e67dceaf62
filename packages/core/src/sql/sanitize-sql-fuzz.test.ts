import { describe, expect, it } from 'vitest'
import { sanitizeSql } from './sanitize-sql.ts'
import { isTransactionControl, splitStatements } from './statements.ts'

const seed = Number(process.env.PGTALLY_FUZZ_SEED ?? Date.now() % 2 ** 31)
const runs = Number(process.env.PGTALLY_FUZZ_RUNS ?? 20_000)
const timeoutMs = 10_000 + runs / 10

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
const createRandom = (start: number) => {
  let state = start
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const pick = <Item>(items: readonly Item[], random: () => number): Item =>
  items[Math.floor(random() * items.length)] as Item

/** What hides a text in SQL, and after what. */
const hidingForms: readonly ((hidden: string) => string)[] = [
  (hidden) => `'${hidden}'`,
  (hidden) => `'it''s ${hidden}'`,
  (hidden) => `'${hidden}''''x'`,
  (hidden) => `E'${hidden}'`,
  (hidden) => `E'it\\'s ${hidden}'`,
  (hidden) => `e'\\\\\\'${hidden}\\\\'`,
  (hidden) => `E'a''${hidden}\\n'`,
  (hidden) => `U&'d\\0061 ${hidden}'`,
  (hidden) => `u&'d!0061 ${hidden}' uescape '!'`,
  (hidden) => `N'${hidden}'`,
  (hidden) => `X'${hidden}'`,
  (hidden) => `b'${hidden}'`,
  (hidden) => `$$${hidden}$$`,
  (hidden) => `$tag$it's ${hidden}$tag$`,
  (hidden) => `$a$ $b$ ${hidden} $b$ ${hidden} $a$`,
  (hidden) => `$_a1$ $$ ' ${hidden} $a$ $_a1$`,
  (hidden) => `'$$ ${hidden}'::text`,
  (hidden) => `date '${hidden}'`,
  (hidden) => `'a'\n  '${hidden}'`,
  (hidden) => `E'a' -- x\n\t'\\'${hidden}'`,
  (hidden) => `-- it's ${hidden}\n`,
  (hidden) => `/* it's ${hidden} */`,
  (hidden) => `/* a /* ' ${hidden} */ ${hidden} ' */`,
  (hidden) => `/* it's */ '${hidden}'`,
  (hidden) => `"it's ""x"" $$" , '${hidden}'`,
  (hidden) => `a$1$b, '${hidden}' , c$d$e`,
  (hidden) => `größe_ñ= '${hidden}'`,
  (hidden) => `1$a$${hidden}$a$`,
  (hidden) => `$1$$${hidden}$$`,
  (hidden) => `0xE'${hidden}'`,
]

/** Where one reading of the text shows what another hides. */
const doubtfulForms: readonly ((hidden: string) => string)[] = [
  (hidden) => `, 'a\\' ${hidden} '`,
  (hidden) => `, 'a\\'' ${hidden} '`,
  (hidden) => `, N'\\', '${hidden}'`,
  (hidden) => `, 1a$b$ '$b$ ${hidden}'`,
  (hidden) => `, '${hidden}`,
  (hidden) => `, $x$${hidden}$y$`,
  (hidden) => `, /* /* */ ${hidden}`,
  (hidden) => `, $${hidden}`,
]

const numberForms: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => `${digits}.${digits}`,
  (digits) => `.${digits}`,
  (digits) => `${digits}.`,
  (digits) => `1.5e-${digits}`,
  (digits) => `${digits}E+7`,
  (digits) => `0x${digits}aF`,
  (digits) => `0o${digits}`,
  (digits) => `1_${digits}`,
  (digits) => `-${digits}::int8`,
  (digits) => `$${digits}`,
  (digits) => `1..${digits}`,
  (digits) => `${digits}day`,
]

const fillers: readonly string[] = [
  'select ',
  ' from t ',
  ' where a = ',
  ' , ',
  '(',
  ')',
  '[',
  ']',
  ' and ',
  '\n',
  '\t',
  ' -- note\n',
  '/* note */',
  ' "q ""x""" ',
  " 'done' ",
  " E'\\'' ",
  ' $$ x $$ ',
  ' $1 ',
  ' 42 ',
  ' a$1$b ',
  '::text ',
  ' || ',
  ' ? ',
  ' -1, ',
  ' :name ',
  ' ARRAY[',
  ' values (',
  '), (',
  ' ü ',
  ' <> ',
  ' - ',
  ' / ',
  ' * ',
  ' = ',
  ' a.b ',
  ' u & ',
  " b'0' ",
  ' e ',
  ';',
]

const fillersBehind: readonly string[] = [
  ...fillers,
  "'",
  '"',
  '$$',
  '$t$',
  '/*',
  '\\',
  '\u0000',
  'E',
  'U&',
  "E'\\",
  '--',
  '$',
  'x',
]

const fill = (items: readonly string[], random: () => number): string => {
  let text = ' '
  for (let left = Math.floor(random() * 6); left > 0; left -= 1) text += pick(items, random)
  return `${text} `
}

describe('sanitizeSql on random texts', () => {
  it(
    `shows no value, is idempotent, and grows no text (${runs} texts, PGTALLY_FUZZ_SEED=${seed})`,
    () => {
      const random = createRandom(seed)
      const textForms = [...hidingForms, ...doubtfulForms]
      for (let run = 0; run < runs; run += 1) {
        const isNumber = random() < 0.25
        const sentinel = isNumber ? '7391' : 'zqsecret'
        const hidden = isNumber ? pick(numberForms, random)('7391') : pick(textForms, random)(sentinel)
        const text = fill(fillers, random) + hidden + fill(fillersBehind, random)
        const sanitized = sanitizeSql(text)
        if (sanitized.includes(sentinel))
          expect.fail(`run ${run}: ${JSON.stringify(text)} gave ${JSON.stringify(sanitized)}`)
        if (sanitizeSql(sanitized) !== sanitized) expect.fail(`run ${run}: not idempotent on ${JSON.stringify(text)}`)
        if (sanitized.length > text.length + 2) expect.fail(`run ${run}: longer than ${JSON.stringify(text)}`)
      }
    },
    timeoutMs,
  )

  it('shows no value of a text that is cut off anywhere', () => {
    const texts = [
      ...hidingForms.map((form) => `select a, ${form('zqsecret')} , b from t where c = ${form('zqsecret')} `),
      ...doubtfulForms.map((form) => `select a from t where c = ${form('zqsecret')} `),
    ]
    for (const text of texts) {
      for (let length = 0; length <= text.length; length += 1) {
        const cut = text.slice(0, length)
        if (sanitizeSql(cut).includes('zqs')) expect.fail(JSON.stringify(cut))
      }
    }
  })

  it(
    `takes hidden text for no statement, and finds the one behind it (PGTALLY_FUZZ_SEED=${seed})`,
    () => {
      const random = createRandom(seed)
      const balanced = fillers.filter((filler) => !/[()[\]]/.test(filler))
      for (let run = 0; run < runs / 4; run += 1) {
        const text = `select ${fill(balanced, random)}${pick(hidingForms, random)('; commit; end')}${fill(balanced, random)}`
        if (isTransactionControl(text)) expect.fail(`run ${run}: ${JSON.stringify(text)} taken for transaction control`)
        if (!isTransactionControl(`${text};/**/ COMMIT`))
          expect.fail(`run ${run}: COMMIT behind ${JSON.stringify(text)} missed`)
      }
    },
    timeoutMs,
  )
})

describe('a text of 1 MB made to be slow', () => {
  const size = 1_000_000
  it.each([
    "'",
    "''",
    "' ",
    "\\'",
    "E'\\",
    "'a'\n",
    "'a' --\n",
    '"',
    '""',
    '$',
    '$$',
    '$a$ ',
    '$a',
    '/*',
    '/* */',
    '*/',
    '--',
    '--\n',
    '(',
    ')',
    '(?,',
    '?,',
    '((?),',
    '(-',
    '1',
    '1_',
    '1e',
    '.1',
    '1.',
    'a',
    'a ',
    'é',
    ' ',
    ';',
    '; ',
    'begin atomic ',
    'create function ',
    'case ',
    '\u0000',
    '-',
    '/',
    ', (?)',
  ])('takes time in proportion to its length: %j over and over', (piece) => {
    const text = piece.repeat(Math.ceil(size / piece.length))
    const startedAt = performance.now()
    const sanitized = sanitizeSql(text)
    const sanitizedAt = performance.now()
    splitStatements(text)
    expect(sanitized.length).toBeLessThan(17_000)
    expect(sanitizedAt - startedAt).toBeLessThan(250)
    expect(performance.now() - sanitizedAt).toBeLessThan(3_000)
  })
})
