import type { OperationSnapshot } from '@pgtally/core'
import type { Output } from '../lifecycle/output.ts'
import { type LoadView, startLiveView } from './live-view.ts'
import { type LoadStatus, renderPlainLine, renderStatus } from './load-status.ts'
import type { Paint } from './paint.ts'
import { startPlainView } from './plain-view.ts'
import { narrowestTable, renderTable } from './render-table.ts'

export interface ViewOptions {
  readonly output: Output
  readonly paint: Paint
  readonly status: () => LoadStatus
  readonly snapshot: () => readonly OperationSnapshot[]
}

const plainLineMs = 2000
const plainWidth = 80
const widest = 120

/** A table that is redrawn in place on a terminal that can do that, else plain lines. */
export const startView = ({ output, paint, status, snapshot }: ViewOptions): LoadView => {
  const table = (width: number) => renderTable(snapshot(), { elapsedMs: status().elapsedMs, width, paint })
  // A terminal that does not know its size has 0 columns.
  if (process.stdout.isTTY && process.env.TERM !== 'dumb' && process.stdout.columns > narrowestTable) {
    const screen = {
      columns: () => process.stdout.columns,
      rows: () => process.stdout.rows,
      write: output.print,
    }
    return startLiveView(screen, (columns) => {
      const width = Math.min(columns, widest)
      return ['', clipped(renderStatus(status()), width), '', ...table(width)]
    })
  }
  return startPlainView(
    { write: (line) => output.print(`${line}\n`), everyMs: plainLineMs },
    () => renderPlainLine(snapshot(), status()),
    () => table(plainWidth),
  )
}

const clipped = (text: string, width: number) => text.slice(0, width)
