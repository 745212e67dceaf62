/** Lines to standard output and standard error; when nobody reads them any more, they are dropped. */
export interface Output {
  print(text: string): void
  /** Progress and errors. */
  note(line: string): void
  /** Leads notes through a view that has to make room for them; undefined: no longer. */
  setInterrupt(interrupt: ((print: () => void) => void) | undefined): void
}

/** `closed` is called once, when the reader of standard output is gone, as in `npm start | head`. */
export const openOutput = (closed: () => void): Output => {
  let open = true
  let interrupt = (print: () => void) => print()
  process.stdout.on('error', () => {
    if (open) closed()
    open = false
  })
  process.stderr.on('error', () => {})
  return {
    print(text) {
      if (open) process.stdout.write(text)
    },
    note: (line) => interrupt(() => process.stderr.write(`${line}\n`)),
    setInterrupt(through = (print) => print()) {
      interrupt = through
    },
  }
}
