/** What a scripted statement is answered with: rows, or `error`, which may be any value. */
export interface ScriptedAnswer {
  readonly rows?: readonly unknown[]
  /** [the number of rows] */
  readonly rowCount?: number | undefined
  /** [the first word of the text, in capitals] */
  readonly command?: string
  /** The statement rejects with this very value. */
  readonly error?: unknown
}

export interface ScriptedStatement {
  readonly text: string
  readonly values: readonly unknown[] | undefined
}

/** A fixed answer, or a function of the statement; one that returns a pending promise makes the statement wait. */
export type Answer = ScriptedAnswer | ((statement: ScriptedStatement) => ScriptedAnswer | Promise<ScriptedAnswer>)

export interface Script {
  when(match: string | RegExp, answer: Answer): void
  answer(statement: ScriptedStatement): ScriptedAnswer | Promise<ScriptedAnswer>
}

export const createScript = (): Script => {
  const lines: { readonly match: string | RegExp; readonly answer: Answer }[] = []
  const matches = (match: string | RegExp, text: string) =>
    typeof match === 'string' ? text.includes(match) : text.search(match) >= 0
  return {
    when: (match, answer) => void lines.unshift({ match, answer }),
    answer(statement) {
      const line = lines.find(({ match }) => matches(match, statement.text))
      if (line === undefined) return {}
      return typeof line.answer === 'function' ? line.answer(statement) : line.answer
    },
  }
}
