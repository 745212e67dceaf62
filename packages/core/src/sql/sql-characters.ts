/** Character codes that the lexer looks for. */
export const charCode = {
  lineFeed: 10,
  carriageReturn: 13,
  doubleQuote: 34,
  dollar: 36,
  ampersand: 38,
  quote: 39,
  star: 42,
  plus: 43,
  minus: 45,
  dot: 46,
  slash: 47,
  backslash: 92,
  underscore: 95,
} as const

export const symbolClass = 0
export const spaceClass = 1
export const letterClass = 2
export const digitClass = 3
export const controlClass = 4

const classOfCode = new Uint8Array(128)
classOfCode.fill(controlClass, 0, 32)
classOfCode[127] = controlClass
for (const white of ' \t\n\r\f\v') classOfCode[white.charCodeAt(0)] = spaceClass
for (const digit of '0123456789') classOfCode[digit.charCodeAt(0)] = digitClass
for (const letter of 'abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
  classOfCode[letter.charCodeAt(0)] = letterClass
}

/** The class of a character. To PostgreSQL each one beyond ASCII is a letter; past the end there are symbols. */
export const classAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at)
  if (code < 128) return classOfCode[code] as number
  return code >= 128 ? letterClass : symbolClass
}

export const isLetterAt = (text: string, at: number): boolean => classAt(text, at) === letterClass

export const isDigitAt = (text: string, at: number): boolean => classAt(text, at) === digitClass

/** Past the letters, digits and dollar signs of a name. */
export const endOfWord = (text: string, from: number): number => {
  let at = from
  while (isLetterAt(text, at) || isDigitAt(text, at) || text.charCodeAt(at) === charCode.dollar) at += 1
  return at
}
