import { readNumber, readParameter } from './read-number.ts'
import { endOfLineComment, readDollarQuoted, readName, readString } from './read-quoted.ts'
import {
  charCode,
  classAt,
  controlClass,
  digitClass,
  endOfWord,
  isDigitAt,
  letterClass,
  spaceClass,
} from './sql-characters.ts'
import { finishToken, type SqlToken } from './sql-token.ts'

/** Past a block comment, which may hold others; -1 if it has no end. */
const endOfBlockComment = (text: string, start: number): number => {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const next = text.charCodeAt(at + 1)
    if (code === charCode.slash && next === charCode.star) depth += 1
    else if (code === charCode.star && next === charCode.slash) depth -= 1
    else continue
    at += 1
    if (depth === 0) return at + 1
  }
  return -1
}

const readSpace = (token: SqlToken, text: string): SqlToken => {
  let at = token.start
  for (;;) {
    const code = text.charCodeAt(at)
    const next = text.charCodeAt(at + 1)
    if (classAt(text, at) === spaceClass) at += 1
    else if (code === charCode.minus && next === charCode.minus) at = endOfLineComment(text, at)
    else if (code === charCode.slash && next === charCode.star) {
      const end = endOfBlockComment(text, at)
      if (end < 0 && at === token.start) return finishToken(token, 'unterminated', text.length)
      if (end < 0) return finishToken(token, 'space', at)
      at = end
    } else return finishToken(token, 'space', at)
  }
}

/** A word, or the string or quoted name that it is the prefix of: `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, `U&"…"`. */
const readWord = (token: SqlToken, text: string): SqlToken => {
  const end = endOfWord(text, token.start + 1)
  const next = text.charCodeAt(end)
  if (end === token.start + 1 && (next === charCode.quote || next === charCode.ampersand)) {
    const prefix = text.charAt(token.start).toLowerCase()
    if (next === charCode.quote && 'ebxn'.includes(prefix)) return readString(token, text, end, prefix === 'e')
    if (next === charCode.ampersand && prefix === 'u') {
      const open = text.charCodeAt(end + 1)
      if (open === charCode.quote) return readString(token, text, end + 1, false)
      if (open === charCode.doubleQuote) return readName(token, text, end + 1)
    }
  }
  return finishToken(token, 'word', end)
}

const readSymbol = (token: SqlToken, text: string): SqlToken => {
  const code = text.charCodeAt(token.start)
  const next = text.charCodeAt(token.start + 1)
  const beforeDigit = isDigitAt(text, token.start + 1)
  if (code === charCode.quote) return readString(token, text, token.start, false)
  if (code === charCode.doubleQuote) return readName(token, text, token.start)
  if (code === charCode.dollar) return beforeDigit ? readParameter(token, text) : readDollarQuoted(token, text)
  if (code === charCode.dot && beforeDigit) return readNumber(token, text)
  if (code === charCode.minus && next === charCode.minus) return readSpace(token, text)
  if (code === charCode.slash && next === charCode.star) return readSpace(token, text)
  return finishToken(token, code === charCode.backslash ? 'unknown' : 'symbol', token.start + 1)
}

/**
 * Reads the token that begins at `start` by PostgreSQL's rules, with standard_conforming_strings on; false at the end of
 * the text. Reading a text from end to end takes time in proportion to its length, whatever is in it.
 */
export const readToken = (token: SqlToken, text: string, start: number): boolean => {
  if (start >= text.length) return false
  token.start = start
  const kind = classAt(text, start)
  if (kind === letterClass) readWord(token, text)
  else if (kind === spaceClass) readSpace(token, text)
  else if (kind === digitClass) readNumber(token, text)
  else if (kind === controlClass) finishToken(token, 'unknown', start + 1)
  else readSymbol(token, text)
  return true
}
