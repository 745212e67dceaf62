/** A statement's pieces, gathered one by one; lists of placeholders are folded as they close. */
export interface PieceList {
  readonly texts: string[]
  /** Whether white space stands before the piece of the same index. */
  readonly spaced: boolean[]
  /** For a closing bracket, the index of its opening one. */
  readonly openings: (number | undefined)[]
  /** Indices of the brackets that are still open. */
  readonly open: number[]
}

export const createPieceList = (): PieceList => ({ texts: [], spaced: [], openings: [], open: [] })

const push = (list: PieceList, text: string, spaced: boolean, opening?: number): void => {
  list.texts.push(text)
  list.spaced.push(spaced)
  list.openings.push(opening)
}

const cutTo = (list: PieceList, length: number): void => {
  list.texts.length = length
  list.spaced.length = length
  list.openings.length = length
}

const isPlaceholderList = (texts: readonly string[], from: number): boolean => {
  if ((texts.length - from) % 2 === 0) return false
  for (let at = from; at < texts.length; at += 1) {
    if (texts[at] !== ((at - from) % 2 === 0 ? '?' : ',')) return false
  }
  return true
}

/** `VALUES (…), (…)`, `((…), (…))`, `[[…], […]]`: rows, as against the arguments of a function. */
const mayBeginRow = (texts: readonly string[], opening: number): boolean => {
  const before = texts[opening - 1] ?? ''
  return before === '(' || before === '[' || before === ',' || before.toLowerCase() === 'values'
}

const isSame = (texts: readonly string[], first: number, second: number): boolean => {
  const length = texts.length - second
  if (second - 1 - first !== length) return false
  let placeholders = 0
  for (let offset = 0; offset < length; offset += 1) {
    const text = texts[second + offset]
    if (text !== texts[first + offset]) return false
    if (text === '?') placeholders += 1
  }
  return placeholders > 0
}

const closeBracket = (list: PieceList, text: string, spaced: boolean): void => {
  const { texts } = list
  const opening = list.open.pop()
  const folds = opening !== undefined && isPlaceholderList(texts, opening + 1)
  if (folds) {
    cutTo(list, opening + 2)
    list.spaced[opening + 1] = false
  }
  push(list, text, spaced && !folds, opening)
  if (opening === undefined || texts[opening - 1] !== ',') return
  const previous = list.openings[opening - 2]
  if (previous !== undefined && mayBeginRow(texts, previous) && isSame(texts, previous, opening)) {
    cutTo(list, opening - 1)
  }
}

/** A sign that begins an item of a list belongs to its number: `(-1, 2)` is a list of two placeholders. */
const foldSign = (list: PieceList): boolean | undefined => {
  const last = list.texts.length - 1
  const sign = list.texts[last]
  const before = list.texts[last - 1]
  if ((sign !== '-' && sign !== '+') || (before !== '(' && before !== '[' && before !== ',')) return undefined
  const spaced = list.spaced[last]
  cutTo(list, last)
  return spaced
}

/**
 * Adds a piece. A list of nothing but placeholders becomes one placeholder, and a row that says the same as the row
 * before it is left out, so that a statement reads the same for any number of values.
 */
export const addPiece = (list: PieceList, text: string, spaced: boolean): void => {
  if (text === ')' || text === ']') {
    closeBracket(list, text, spaced)
    return
  }
  if (text === '(' || text === '[') list.open.push(list.texts.length)
  push(list, text, text === '?' ? (foldSign(list) ?? spaced) : spaced)
}

/** The pieces as one text, without white space at its ends. */
export const joinPieces = (list: PieceList): string => {
  let text = ''
  for (let at = 0; at < list.texts.length; at += 1) {
    text += at > 0 && list.spaced[at] ? ` ${list.texts[at]}` : list.texts[at]
  }
  return text
}
