import type { LoadView } from './live-view.ts'

export interface PlainViewOptions {
  readonly write: (line: string) => void
  readonly everyMs: number
}

/** A line every few seconds, for a file or a pipe; the table comes once, at the end. */
export const startPlainView = (
  { write, everyMs }: PlainViewOptions,
  line: () => string,
  table: () => readonly string[],
): LoadView => {
  const timer = setInterval(() => write(line()), everyMs)
  return {
    redraw() {},
    interrupt: (print) => print(),
    end() {
      clearInterval(timer)
      write(line())
      for (const row of ['', ...table()]) write(row)
    },
  }
}
