/** Upper bounds, inclusive, of the statement counts per call. */
export const countBounds: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** Whole numbers of one series, aggregated in place: one bucket per bound and one above, then the sum, least and greatest. */
export interface CountHistogram {
  readonly buckets: Float64Array
  sum: number
  min: number
  max: number
}

export const createCountHistogram = (): CountHistogram => ({
  buckets: new Float64Array(countBounds.length + 1),
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: 0,
})

export const recordCount = (histogram: CountHistogram, value: number): void => {
  let bucket = 0
  while (bucket < countBounds.length && value > (countBounds[bucket] as number)) bucket++
  ;(histogram.buckets[bucket] as number)++
  histogram.sum += value
  if (value < histogram.min) histogram.min = value
  if (value > histogram.max) histogram.max = value
}

export const resetCounts = (histogram: CountHistogram): void => {
  histogram.buckets.fill(0)
  histogram.sum = 0
  histogram.min = Number.POSITIVE_INFINITY
  histogram.max = 0
}
