/** What shows the load while it runs. */
export interface LoadView {
  /** Makes room for something else that is printed. */
  interrupt(print: () => void): void
  /** Shows a change at once. */
  redraw(): void
  /** Draws once more and leaves the terminal as it was. */
  end(): void
}

export interface Screen {
  readonly columns: () => number
  readonly rows: () => number
  readonly write: (text: string) => void
}

const hideCursor = '\u001b[?25l'
export const showCursor = '\u001b[?25h'
const eraseToEndOfLine = '\u001b[K'
const eraseBelow = '\u001b[J'
const redrawMs = 1000

/** Redraws the lines in place, once a second; what does not fit on the screen is left out until the end. */
export const startLiveView = (screen: Screen, linesOf: (width: number) => readonly string[]): LoadView => {
  let drawn = 0
  const home = () => (drawn === 0 ? '\r' : `\u001b[${drawn}A\r`)
  const draw = (mostLines: number) => {
    // The last column stays free: some terminals begin a new line when it is written to.
    const lines = linesOf(screen.columns() - 1).slice(0, mostLines)
    screen.write(`${home()}${lines.map((line) => `${line}${eraseToEndOfLine}\n`).join('')}${eraseBelow}`)
    drawn = lines.length
  }
  const redraw = () => draw(Math.max(1, screen.rows() - 1))
  screen.write(hideCursor)
  redraw()
  const timer = setInterval(redraw, redrawMs)
  return {
    redraw,
    interrupt(print) {
      screen.write(`${home()}${eraseBelow}`)
      print()
      drawn = 0
      redraw()
    },
    end() {
      clearInterval(timer)
      draw(Number.POSITIVE_INFINITY)
      screen.write(showCursor)
    },
  }
}
