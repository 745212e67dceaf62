/** Middle value; the mean of the two middle ones where their number is even. Throws on none. */
export const median = (values: readonly number[]): number => {
  if (values.length === 0) throw new RangeError('There is no median of no values.')
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}
