import { addPiece, createPieceList, joinPieces } from './fold-lists.ts'
import { readToken } from './read-token.ts'
import { createToken } from './sql-token.ts'

const inputLimit = 16_384
const cacheLimit = 1_000
const cachedTextLimit = 2_048

const cache = new Map<string, string>()

/** The beginning of the text, without half a surrogate pair at its end. */
const cutText = (text: string): string => {
  const last = text.charCodeAt(inputLimit - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? inputLimit - 1 : inputLimit)
}

const sanitize = (text: string): string => {
  const isCut = text.length > inputLimit
  const input = isCut ? cutText(text) : text
  const pieces = createPieceList()
  const token = createToken()
  let spaced = false
  for (let at = 0; readToken(token, input, at); at = token.end) {
    if (token.kind === 'space') {
      spaced = true
      continue
    }
    if (token.kind === 'suspect' || token.kind === 'unterminated' || token.kind === 'unknown') {
      addPiece(pieces, '?', spaced)
      return joinPieces(pieces)
    }
    addPiece(pieces, token.kind === 'value' ? '?' : input.slice(token.start, token.end), spaced)
    spaced = false
  }
  if (isCut) addPiece(pieces, '?', true)
  return joinPieces(pieces)
}

/**
 * A statement's text without its values, fit for a log: every literal, number and parameter is a `?`, comments are gone,
 * white space is single. Names and keywords stay as they are, quoted names included. Lists and rows of placeholders fold,
 * so that statements which differ in their values only, or in how many there are, give the same text.
 *
 * Wherever it cannot be told for certain what is a value (a literal without an end, a backslash before a quote in a plain
 * string, a character that is no SQL), and past 16 KiB, one `?` stands for all the rest; also for what is no text at all.
 * At most two characters longer than the text. Sanitizing twice changes nothing. Never throws.
 */
export const sanitizeSql = (text: string): string => {
  if (typeof text !== 'string') return '?'
  if (text.length > cachedTextLimit) return sanitize(text)
  const known = cache.get(text)
  if (known !== undefined) return known
  const sanitized = sanitize(text)
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(text, sanitized)
  return sanitized
}
