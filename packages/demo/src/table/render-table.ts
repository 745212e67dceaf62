import type { OperationSnapshot } from '@pgtally/core'
import { formatCount } from '../format/format-count.ts'
import { formatDuration } from '../format/format-duration.ts'
import { formatShare } from '../format/format-share.ts'
import type { Paint } from './paint.ts'

export interface TableOptions {
  /** Since the load began. */
  readonly elapsedMs: number
  readonly width: number
  readonly paint: Paint
}

/** Narrower than this, lines no longer fit. */
export const narrowestTable = 58

const numberWidths = { perSecond: 7, p50: 7, p95: 7, share: 6, slow: 5 }
const errorsMinimum = 12
const footnote = '% time: of all tracked calls together; a call inside another one counts in both'

/** A header and a line or more per operation, those with most time first; no line is longer than `width`. */
export const renderTable = (
  snapshot: readonly OperationSnapshot[],
  { elapsedMs, width, paint }: TableOptions,
): string[] => {
  const called = snapshot.filter(({ calls, active }) => calls + active > 0)
  const allMs = called.reduce((sum, { totalMs }) => sum + totalMs, 0)
  const numbersWidth = Object.values(numberWidths).reduce((sum, each) => sum + each + 1, 0)
  const longest = Math.max('operation'.length, ...called.map(({ operation }) => operation.length))
  const nameWidth = Math.max(8, Math.min(longest, width - numbersWidth - errorsMinimum - 1))
  const errorsWidth = Math.max(0, width - nameWidth - numbersWidth - 1)

  const line = (name: string, numbers: readonly Cell[], errors: string, paintErrors: (text: string) => string) =>
    [
      clip(name, nameWidth).padEnd(nameWidth),
      ...numbers.map(({ text, of, mark }) => (mark ?? unmarked)(text.padStart(of))),
      paintErrors(clip(errors, errorsWidth)),
    ]
      .join(' ')
      .trimEnd()

  const headings = ['calls/s', 'p50', 'p95', '% time', 'slow']
  const header = line('operation', cellsOf(headings), 'errors', unmarked)
  const rows = [...called]
    .sort((left, right) => right.totalMs - left.totalMs)
    .flatMap((operation) => {
      const errors = errorLines(operation, errorsWidth)
      const failed = Object.keys(operation.errors).length > 0
      const numbers = numbersOf(operation, { elapsedMs, allMs, paint })
      const first = line(operation.operation, numbers, errors[0] ?? '', failed ? paint.red : paint.dim)
      const rest = errors
        .slice(1)
        .map((more) => line('', cellsOf(headings.map(() => '')), more, failed ? paint.red : paint.dim))
      return [first, ...rest]
    })
  return [paint.bold(header), ...rows, paint.dim(clip(footnote, width))]
}

interface Cell {
  readonly text: string
  readonly of: number
  readonly mark?: (text: string) => string
}

const unmarked = (text: string) => text

const cellsOf = (texts: readonly string[]): Cell[] =>
  Object.values(numberWidths).map((of, index) => ({ text: texts[index] ?? '', of }))

const numbersOf = (
  { calls, slow, p50Ms, p95Ms, totalMs }: OperationSnapshot,
  { elapsedMs, allMs, paint }: { elapsedMs: number; allMs: number; paint: Paint },
): Cell[] => {
  const perSecond = elapsedMs > 0 ? (calls * 1000) / elapsedMs : 0
  const [rate, p50, p95, share] = cellsOf([
    perSecond.toFixed(1),
    calls === 0 ? '' : formatDuration(p50Ms),
    calls === 0 ? '' : formatDuration(p95Ms),
    allMs > 0 ? formatShare(totalMs / allMs) : '',
  ]) as [Cell, Cell, Cell, Cell]
  const slowCell = {
    text: slow === 0 ? '' : formatCount(slow),
    of: numberWidths.slow,
    mark: slow === 0 ? unmarked : paint.yellow,
  }
  return [rate, p50, p95, share, slowCell]
}

/** As many kinds on a line as fit. Expected errors are told apart; a snapshot counts them without their kinds. */
const errorLines = ({ errors, expectedErrors }: OperationSnapshot, width: number): string[] => {
  const counts = Object.entries(errors).sort(([, left], [, right]) => right - left)
  const pieces = counts.map(([kind, count]) => {
    const number = ` ${formatCount(count)}`
    return `${clip(kind, width - number.length)}${number}`
  })
  if (expectedErrors > 0) pieces.push(`expected ${formatCount(expectedErrors)}`)
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 2 + piece.length <= width) lines[lines.length - 1] = `${last}, ${piece}`
    else lines.push(piece)
  }
  return lines
}

const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
