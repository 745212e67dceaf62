export type AnyFunction = (...args: never[]) => Promise<unknown>

/** What the floor counts into, as a tally would. */
const counters = new Float64Array(2)

/**
 * The least that a wrapper can do which times a call: two readings of the clock, two increments, one chained promise. It looks at
 * nothing else, so it is no wrapper to use: a function that throws at once would escape it.
 */
export const floorWrapper = <Function extends AnyFunction>(fn: Function): Function =>
  function (this: unknown, ...args: never[]) {
    const startedAt = performance.now()
    return fn.apply(this, args).then(
      (value) => {
        ;(counters[0] as number)++
        ;(counters[1] as number) += performance.now() - startedAt
        return value
      },
      (error) => {
        ;(counters[0] as number)++
        ;(counters[1] as number) += performance.now() - startedAt
        throw error
      },
    )
  } as Function
