const shape = /^[0-9A-Z]{5}$/

/** Whether a value has the shape of a SQLSTATE: five characters of 0-9 and A-Z. */
export const isSqlState = (value: unknown): value is string =>
  typeof value === 'string' && value.length === 5 && shape.test(value)
