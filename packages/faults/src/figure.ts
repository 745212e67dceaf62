/** One thing that a scenario counted, and what it had to be. */
export interface Figure {
  readonly name: string
  readonly value: number | string
  /** Absent where it only informs. */
  readonly mark?: string
  readonly passed: boolean
}

export const exactly = (name: string, value: number | string, mark: number | string): Figure => ({
  name,
  value,
  mark: String(mark),
  passed: value === mark,
})

export const atMost = (name: string, value: number, limit: number): Figure => ({
  name,
  value,
  mark: `<= ${limit}`,
  passed: value <= limit,
})

export const atLeast = (name: string, value: number, limit: number): Figure => ({
  name,
  value,
  mark: `>= ${limit}`,
  passed: value >= limit,
})

export const fact = (name: string, value: number | string): Figure => ({ name, value, passed: true })

/** None, or the first few sentences about what went wrong; they are the figure, so that a failure explains itself. */
export const none = (name: string, wrong: readonly string[]): Figure => ({
  name,
  value: wrong.length === 0 ? 0 : `${wrong.length}: ${wrong.slice(0, 3).join('; ')}`,
  mark: '0',
  passed: wrong.length === 0,
})
