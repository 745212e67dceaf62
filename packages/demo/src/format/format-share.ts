/** A ratio as a percentage; never 0 % or 100 % for what is only nearly so. */
export const formatShare = (ratio: number): string => {
  const percent = ratio * 100
  if (percent > 0 && percent < 1) return '< 1 %'
  if (percent < 100 && percent > 99) return '> 99 %'
  return `${percent.toFixed(0)} %`
}
