import type { Figure } from './figure.ts'

export interface NamedFigure extends Figure {
  readonly scenario: string
  readonly driver: string
}

/** Figures as a table in plain text. */
export const formatFigures = (figures: readonly NamedFigure[]): string => {
  const lines = figures.map(({ scenario, driver, name, value, mark, passed }) => [
    mark === undefined ? '' : passed ? 'ok' : 'FAILED',
    scenario,
    driver,
    name,
    String(value),
    mark ?? '',
  ])
  const head = ['', 'scenario', 'driver', 'figure', 'value', 'must be']
  const widths = head.map((title, column) =>
    Math.min(60, Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0))),
  )
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
