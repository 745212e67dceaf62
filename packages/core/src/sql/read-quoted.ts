import { charCode, classAt, isDigitAt, isLetterAt, spaceClass } from './sql-characters.ts'
import { finishToken, type SqlToken } from './sql-token.ts'

/** Past a line comment, before its line's end. */
export const endOfLineComment = (text: string, start: number): number => {
  let at = start + 2
  while (
    at < text.length &&
    text.charCodeAt(at) !== charCode.lineFeed &&
    text.charCodeAt(at) !== charCode.carriageReturn
  )
    at += 1
  return at
}

/**
 * Where the next part of a string begins, past its quote, if the string goes on: after white space or line comments with
 * at least one line's end among them. -1 if it does not.
 */
const nextPartOfString = (text: string, from: number): number => {
  let at = from
  let newLine = false
  for (;;) {
    const code = text.charCodeAt(at)
    if (classAt(text, at) === spaceClass) {
      newLine ||= code === charCode.lineFeed || code === charCode.carriageReturn
      at += 1
    } else if (code === charCode.minus && text.charCodeAt(at + 1) === charCode.minus) at = endOfLineComment(text, at)
    else return newLine && code === charCode.quote ? at + 1 : -1
  }
}

/** The next quote that no backslash escapes; -1 if there is none. */
const nextBareQuote = (text: string, from: number): number => {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === charCode.quote) return at
    if (code === charCode.backslash) at += 1
  }
  return -1
}

/**
 * A string whose first quote is at `openAt`. Where backslashes do not escape, one before a quote makes the string suspect:
 * it ends elsewhere on a server with standard_conforming_strings off.
 */
export const readString = (token: SqlToken, text: string, openAt: number, escapes: boolean): SqlToken => {
  let suspect = false
  let at = openAt + 1
  for (;;) {
    const quote = escapes ? nextBareQuote(text, at) : text.indexOf("'", at)
    if (quote < 0) return finishToken(token, 'unterminated', text.length)
    suspect ||= !escapes && quote > at && text.charCodeAt(quote - 1) === charCode.backslash
    const next = text.charCodeAt(quote + 1) === charCode.quote ? quote + 2 : nextPartOfString(text, quote + 1)
    if (next < 0) return finishToken(token, suspect ? 'suspect' : 'value', quote + 1)
    at = next
  }
}

/** A quoted name whose first quote is at `openAt`. */
export const readName = (token: SqlToken, text: string, openAt: number): SqlToken => {
  let close = text.indexOf('"', openAt + 1)
  while (close >= 0 && text.charCodeAt(close + 1) === charCode.doubleQuote) close = text.indexOf('"', close + 2)
  return close < 0 ? finishToken(token, 'unterminated', text.length) : finishToken(token, 'name', close + 1)
}

/** Past the `$tag$` or `$$` at `start`; -1 if there is none. */
const endOfDollarTag = (text: string, start: number): number => {
  let at = start + 1
  if (isLetterAt(text, at)) while (isLetterAt(text, at) || isDigitAt(text, at)) at += 1
  return text.charCodeAt(at) === charCode.dollar ? at + 1 : -1
}

/** `$$…$$` or `$tag$…$tag$`. */
export const readDollarQuoted = (token: SqlToken, text: string): SqlToken => {
  const { start } = token
  const body = endOfDollarTag(text, start)
  if (body < 0) return finishToken(token, 'unknown', start + 1)
  const close = text.indexOf(text.slice(start, body), body)
  return close < 0 ? finishToken(token, 'unterminated', text.length) : finishToken(token, 'value', close + body - start)
}
