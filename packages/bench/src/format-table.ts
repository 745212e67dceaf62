import type { Gate } from './gates.ts'
import type { GroupFigures } from './measure-group.ts'
import { nsPerCall, pairedDifferenceNs, pairedRatio, type Slices } from './paired-rounds.ts'

const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(0)}`

/** Markdown, so that a table can be kept as it was printed. `bytes` is absent where only times were taken. */
export const formatRows = (rows: GroupFigures['rows'], slices: Slices, bytes?: GroupFigures['bytes']): string => {
  const line = ({ name, against }: GroupFigures['rows'][number]) => {
    const base = name === against
    const ratio = base ? '1' : pairedRatio(slices, name, against).toFixed(3)
    const more = base ? '' : signed(pairedDifferenceNs(slices, name, against))
    const cells = [name, base ? '' : against, nsPerCall(slices, name).toFixed(0), ratio, more]
    if (bytes === undefined) return `| ${cells.join(' | ')} |`
    const own = bytes[name] ?? Number.NaN
    const moreBytes = base ? '' : signed(own - (bytes[against] ?? Number.NaN))
    return `| ${[...cells, own.toFixed(0), moreBytes].join(' | ')} |`
  }
  const titles = ['Row', 'compared with', 'ns', 'ratio', '+ns']
  if (bytes !== undefined) titles.push('bytes', '+bytes')
  const rule = titles.map((_, column) => (column < 2 ? '---' : '---:'))
  return [`| ${titles.join(' | ')} |`, `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}

const digits = { 'x floor': 3, ns: 0, B: 0 } as const

export const formatGates = (gates: readonly Gate[]): string =>
  gates
    .map(
      ({ name, figure, limit, unit, passed }) =>
        `${passed ? 'pass' : 'FAIL'}  ${name}: ${figure.toFixed(digits[unit])} ${unit} (at most ${limit})`,
    )
    .join('\n')
