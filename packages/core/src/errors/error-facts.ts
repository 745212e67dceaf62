/** How many of an aggregate's errors are looked at. */
const aggregateLimit = 8

/** Whether a thrown value can have properties. */
export const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

/** A property of a value that may be hostile: `undefined` where reading it throws. */
export const readProperty = (value: object, key: string): unknown => {
  try {
    return (value as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

/** The errors gathered in an AggregateError, as Node makes one of a host name with several addresses. */
export const readErrors = (error: object): readonly unknown[] => {
  try {
    const errors: unknown = (error as { errors?: unknown }).errors
    return Array.isArray(errors) ? Array.prototype.slice.call(errors, 0, aggregateLimit) : []
  } catch {
    return []
  }
}

/** What an error was made of: its `cause`, Sequelize's `original`, an aggregate's errors. */
export const readOrigins = (error: object): readonly unknown[] => [
  readProperty(error, 'cause'),
  readProperty(error, 'original'),
  ...readErrors(error),
]

/** How many levels of origins are followed. */
export const originDepth = 3
