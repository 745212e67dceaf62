import { readToken } from './read-token.ts'
import { createToken, type SqlToken } from './sql-token.ts'

/** One statement of a text. */
export interface SqlStatement {
  /** Its first word, in lower case; opening brackets before it are passed over. Empty if it begins with no word. */
  readonly keyword: string
  /** Its first three tokens, in lower case; a value or a quoted name is `?`. */
  readonly opening: readonly string[]
  /** Where it begins, past comments. */
  readonly start: number
  /** Where its last token ends: its semicolon is left out. */
  readonly end: number
}

interface OpenStatement {
  keyword: string
  readonly opening: string[]
  readonly start: number
  end: number
  /** Nothing but opening brackets so far. */
  onlyBrackets: boolean
  bracketDepth: number
  /** BEGIN ATOMIC and the CASEs inside it that wait for their END. */
  blockDepth: number
  makesRoutine: boolean
  previous: string
}

const beginStatement = (start: number): OpenStatement => ({
  keyword: '',
  opening: [],
  start,
  end: start,
  onlyBrackets: true,
  bracketDepth: 0,
  blockDepth: 0,
  makesRoutine: false,
  previous: '',
})

/** CREATE FUNCTION … BEGIN ATOMIC …; END is one statement. Behind AS or a dot a word is only a name. */
const followBlocks = (statement: OpenStatement, word: string): void => {
  const { previous } = statement
  if (previous === 'as' || previous === '.') return
  if (statement.blockDepth > 0) {
    if (word === 'case') statement.blockDepth += 1
    else if (word === 'end') statement.blockDepth -= 1
  } else if (statement.keyword === 'create' && statement.bracketDepth === 0) {
    if (word === 'function' || word === 'procedure')
      statement.makesRoutine ||= previous === 'create' || previous === 'replace'
    else if (word === 'atomic' && previous === 'begin' && statement.makesRoutine) statement.blockDepth = 1
  }
}

const addToOpening = (statement: OpenStatement, content: string, isWord: boolean): void => {
  if (statement.opening.length < 3) statement.opening.push(content)
  if (isWord && statement.keyword === '' && statement.onlyBrackets) statement.keyword = content
  if (content !== '(') statement.onlyBrackets = false
}

/** A token in lower case; a value or a quoted name is `?`. */
const contentOf = (text: string, token: SqlToken): string =>
  token.kind === 'word' || token.kind === 'symbol' || token.kind === 'unknown'
    ? text.slice(token.start, token.end).toLowerCase()
    : '?'

const addToken = (statement: OpenStatement, text: string, token: SqlToken): void => {
  if (token.kind === 'symbol') {
    const symbol = text[token.start]
    if (symbol === '(') statement.bracketDepth += 1
    else if (symbol === ')' && statement.bracketDepth > 0) statement.bracketDepth -= 1
  }
  const begins = statement.opening.length < 3 || statement.onlyBrackets
  if (begins || statement.keyword === 'create') {
    const content = contentOf(text, token)
    if (begins) addToOpening(statement, content, token.kind === 'word')
    if (token.kind === 'word') followBlocks(statement, content)
    statement.previous = content
  }
  statement.end = token.end
}

/**
 * The statements of a text, in order. A semicolon in a literal, a comment, brackets or a BEGIN ATOMIC body separates
 * nothing, and an empty statement does not count. A literal or comment without an end lasts to the end of the text. Takes
 * time in proportion to the text; never throws, and of what is no text there are no statements.
 */
export const splitStatements = (text: string): readonly SqlStatement[] => {
  const statements: SqlStatement[] = []
  if (typeof text !== 'string') return statements
  const token = createToken()
  let current: OpenStatement | undefined
  const close = () => {
    if (current !== undefined) {
      const { keyword, opening, start, end } = current
      statements.push({ keyword, opening, start, end })
    }
    current = undefined
  }
  for (let at = 0; readToken(token, text, at); at = token.end) {
    if (token.kind === 'space') continue
    const separates = token.kind === 'symbol' && text[token.start] === ';'
    if (separates && (current === undefined || (current.bracketDepth === 0 && current.blockDepth === 0))) close()
    else {
      current ??= beginStatement(token.start)
      addToken(current, text, token)
    }
  }
  close()
  return statements
}

const controlKeywords: ReadonlySet<string> = new Set([
  'begin',
  'commit',
  'end',
  'rollback',
  'abort',
  'savepoint',
  'release',
])

const controlsTransaction = ({ keyword, opening }: SqlStatement): boolean => {
  if (opening[0] !== keyword) return false
  if (controlKeywords.has(keyword)) return true
  if (opening[1] !== 'transaction') return false
  // PREPARE transaction AS … makes a prepared statement of that name.
  return keyword === 'start' || (keyword === 'prepare' && opening[2] !== 'as' && opening[2] !== '(')
}

const controlWord = /begin|start|commit|end|rollback|abort|savepoint|release|prepare/i
const controlWordAtStart = /^[ \t\n\r\f\v]*(?:begin|start|commit|end|rollback|abort|savepoint|release|prepare)/i
/** A comment, or a second statement, may stand before the word. */
const mayHideStart = /^[ \t\n\r\f\v]*[-/]|;/

/**
 * Whether any statement of a text begins or ends a transaction or a savepoint: BEGIN, START TRANSACTION, COMMIT, END,
 * ROLLBACK, ABORT, SAVEPOINT, RELEASE, PREPARE TRANSACTION, and the like. The words elsewhere (in a literal, as a name) are
 * not meant. Never throws; false of what is no text.
 */
export const isTransactionControl = (text: string): boolean => {
  if (typeof text !== 'string') return false
  const suspicious = mayHideStart.test(text) ? controlWord : controlWordAtStart
  return suspicious.test(text) && splitStatements(text).some(controlsTransaction)
}
