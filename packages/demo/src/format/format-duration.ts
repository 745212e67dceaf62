/** Three significant digits at most, for people: `0.42 ms`, `17 ms`, `1.25 s`. */
export const formatDuration = (durationMs: number): string => {
  if (durationMs >= 999.5) return `${withDigits(durationMs / 1000)} s`
  return `${withDigits(durationMs)} ms`
}

const withDigits = (value: number): string => {
  if (value >= 99.5) return value.toFixed(0)
  if (value >= 9.95) return value.toFixed(1).replace('.0', '')
  return value.toFixed(2).replace(/\.?0+$/, '')
}
