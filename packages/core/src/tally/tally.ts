import { type CallKind, createSeries, type Series, type SeriesLabels } from './series.ts'

/** Stands for every label past `seriesLimit`. */
export const overflowLabel = 'other'

interface LabelNode {
  query: Series | undefined
  transaction: Series | undefined
}

/** All series of one tracker. The same labels are the same series, however often they are asked for. */
export interface Tally {
  /** Throws nothing: past the limit it is the series of `other`, and `onOverflow` is told. */
  series(kind: CallKind, operation: string, table: string | undefined, service: string | undefined): Series
  /** The series of these labels where there is one already. */
  known(kind: CallKind, operation: string, table: string | undefined, service: string | undefined): Series | undefined
  all(): readonly Series[]
}

type ByService = Map<string | undefined, LabelNode>
type ByTable = Map<string | undefined, ByService>

/** `limit` is asked for at each new set of labels, since it can be configured later. */
export const createTally = (limit: () => number, onOverflow: () => void): Tally => {
  // Nested maps: a joined key costs ten times as much as three look-ups.
  const byOperation = new Map<string, ByTable>()
  const all: Series[] = []
  let labelSets = 0

  const find = (operation: string, table: string | undefined, service: string | undefined) =>
    byOperation.get(operation)?.get(table)?.get(service)

  const add = (operation: string, table: string | undefined, service: string | undefined): LabelNode => {
    const byTable = byOperation.get(operation) ?? new Map()
    byOperation.set(operation, byTable)
    const byService = byTable.get(table) ?? new Map()
    byTable.set(table, byService)
    const node: LabelNode = { query: undefined, transaction: undefined }
    byService.set(service, node)
    return node
  }

  const seriesOf = (node: LabelNode, labels: SeriesLabels): Series => {
    const known = node[labels.kind]
    if (known !== undefined) return known
    const made = createSeries(labels)
    node[labels.kind] = made
    all.push(made)
    return made
  }

  const overflow = (kind: CallKind): Series => {
    onOverflow()
    const table = kind === 'query' ? overflowLabel : undefined
    const node = find(overflowLabel, table, overflowLabel) ?? add(overflowLabel, table, overflowLabel)
    return seriesOf(node, { kind, operation: overflowLabel, table, service: overflowLabel })
  }

  const series: Tally['series'] = (kind, operation, table, service) => {
    let node = find(operation, table, service)
    if (node === undefined) {
      if (labelSets >= limit()) return overflow(kind)
      node = add(operation, table, service)
      labelSets++
    }
    return seriesOf(node, { kind, operation, table, service })
  }

  return {
    series,
    known: (kind, operation, table, service) => find(operation, table, service)?.[kind],
    all: () => all,
  }
}
