/** Upper bounds, inclusive, of the statement counts per call. */
export const countBounds: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/**
 * Whole numbers of one series, aggregated in place: their sum, least and greatest, then from `firstBucket` on a bucket per bound
 * and one above. One array, since every bound call adds to it.
 */
export type CountHistogram = Float64Array

export const countSum = 0
export const leastCount = 1
export const greatestCount = 2
export const firstBucket = 3

export const createCountHistogram = (): CountHistogram => {
  const histogram = new Float64Array(firstBucket + countBounds.length + 1)
  histogram[leastCount] = Number.POSITIVE_INFINITY
  return histogram
}

export const recordCount = (histogram: CountHistogram, value: number): void => {
  let bucket = 0
  // Most calls run one statement, or none.
  if (value > 1) while (bucket < countBounds.length && value > (countBounds[bucket] as number)) bucket++
  ;(histogram[firstBucket + bucket] as number)++
  ;(histogram[countSum] as number) += value
  if (value < (histogram[leastCount] as number)) histogram[leastCount] = value
  if (value > (histogram[greatestCount] as number)) histogram[greatestCount] = value
}

export const resetCounts = (histogram: CountHistogram): void => {
  histogram.fill(0)
  histogram[leastCount] = Number.POSITIVE_INFINITY
}
