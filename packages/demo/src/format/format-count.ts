export const formatCount = (count: number): string => count.toLocaleString('en')

/** `3 of 1,200 calls`; of one call it is `1 of 1 call`. */
export const formatCalls = (some: number, calls: number): string =>
  `${formatCount(some)} of ${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}`
