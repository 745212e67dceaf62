export interface NumberLimits {
  /** Not included. */
  readonly above?: number
  /** Included. */
  readonly from?: number
  /** Included. */
  readonly to: number
  readonly whole?: boolean
}

/** The number, or the end of a sentence that begins with the option's name. */
export const readNumber = (text: string, { above, from, to, whole = false }: NumberLimits): number | string => {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN
  const tooSmall = (above !== undefined && value <= above) || (from !== undefined && value < from)
  if (Number.isNaN(value) || tooSmall || value > to || (whole && !Number.isInteger(value))) {
    const least = above === undefined ? `from ${from ?? 0}` : `above ${above} and`
    return `must be a ${whole ? 'whole ' : ''}number ${least} up to ${to}; it is ${JSON.stringify(text)}`
  }
  return value
}
