/**
 * What a stretch of SQL text is:
 * - `space`: white space and comments, as long as they last
 * - `word`: a keyword or a plain name
 * - `name`: a quoted name
 * - `value`: a literal, a number, or a parameter such as `$1`
 * - `suspect`: a value whose end depends on the server's version or settings
 * - `unterminated`: a literal, quoted name or comment without an end; it lasts to the end of the text
 * - `unknown`: a character that no SQL has in this place
 * - `symbol`: any other single character
 */
export type SqlTokenKind = 'space' | 'word' | 'name' | 'value' | 'suspect' | 'unterminated' | 'unknown' | 'symbol'

/** One token, from `start` up to `end` exclusive. One object serves for token after token. */
export interface SqlToken {
  kind: SqlTokenKind
  start: number
  end: number
}

/** A token to be read into. */
export const createToken = (): SqlToken => ({ kind: 'space', start: 0, end: 0 })

/** Says what was found at `token.start`, and where it ends; the same token again. */
export const finishToken = (token: SqlToken, kind: SqlTokenKind, end: number): SqlToken => {
  token.kind = kind
  token.end = end
  return token
}
