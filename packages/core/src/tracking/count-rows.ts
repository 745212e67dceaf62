import type { TrackedFunction } from './tracked-function.ts'

/** What a function's `rowCount` option reads from a result; undefined where there is none, or no such option. */
export const countRows = ({ rowCount, tracker }: TrackedFunction, result: unknown): number | undefined => {
  if (rowCount === undefined) return undefined
  try {
    const rows = rowCount(result)
    if (rows === undefined || (Number.isSafeInteger(rows) && rows >= 0)) return rows
    throw new RangeError('rowCount must return a whole number from 0, or undefined')
  } catch (error) {
    tracker.monitor.report(error, 'number', "a function's rowCount option threw or gave no whole number.")
    return undefined
  }
}
