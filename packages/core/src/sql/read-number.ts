import { charCode, endOfWord, isDigitAt, isLetterAt } from './sql-characters.ts'
import { finishToken, type SqlToken } from './sql-token.ts'

const endOfDigits = (text: string, from: number): number => {
  let at = from
  while (isDigitAt(text, at) || (text.charCodeAt(at) === charCode.underscore && isDigitAt(text, at + 1))) at += 1
  return at
}

const endOfExponent = (text: string, at: number): number => {
  const mark = text.charAt(at)
  if (mark !== 'e' && mark !== 'E') return at
  const sign = text.charCodeAt(at + 1)
  const digits = sign === charCode.plus || sign === charCode.minus ? at + 2 : at + 1
  return isDigitAt(text, digits) ? endOfDigits(text, digits) : at
}

/**
 * Letters glued to a number: the rest of `0xFF`, else an error to new servers and a name of its own to old ones. With a
 * dollar sign among them it cannot be told whether that begins a quotation.
 */
const finishNumber = (token: SqlToken, text: string, at: number): SqlToken => {
  if (!isLetterAt(text, at)) return finishToken(token, 'value', at)
  const end = endOfWord(text, at)
  return finishToken(token, text.slice(at, end).includes('$') ? 'suspect' : 'value', end)
}

/** `1`, `1_000`, `1.5e-3`, `.5`, `0xFF`, `0o17`, `0b1`; in `1..10` the dots are no part of a number. */
export const readNumber = (token: SqlToken, text: string): SqlToken => {
  let at = endOfDigits(text, token.start)
  if (text.charCodeAt(at) === charCode.dot && text.charCodeAt(at + 1) !== charCode.dot) at = endOfDigits(text, at + 1)
  return finishNumber(token, text, endOfExponent(text, at))
}

/** `$1`. */
export const readParameter = (token: SqlToken, text: string): SqlToken =>
  finishNumber(token, text, endOfDigits(text, token.start + 1))
