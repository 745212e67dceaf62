import { overflowLabel } from './tally.ts'

/** Keeps an open-ended label from growing without end: past the limit new values are `other`. */
export interface LabelGate {
  label(value: string | undefined): string | undefined
  /** Forgets the values it knew. */
  reset(): void
}

export const createLabelGate = (limit: number): LabelGate => {
  const known = new Set<string>()
  return {
    label(value) {
      if (value === undefined || known.has(value)) return value
      if (known.size >= limit) return overflowLabel
      known.add(value)
      return value
    },
    reset: () => known.clear(),
  }
}
