import type { AnyFunction } from './floor-wrapper.ts'

class Repository {
  readonly prefix = 'row'
  async find(id: number) {
    return `${this.prefix} ${id}`
  }
}

const repository = new Repository()
const found = Promise.resolve([{ id: 1 }])

/** Functions as differ in a real program: what they return, how many arguments they take, what they do before they return. */
const functionShapes = (): readonly AnyFunction[] => [
  async (_first: unknown, id: number) => id,
  async () => undefined,
  async (...all: unknown[]) => all.length,
  (_first: unknown) => found,
  (_first: unknown, id: number) => Promise.resolve({ id }),
  repository.find.bind(repository) as AnyFunction,
  async (first: unknown, id: number) => {
    await undefined
    return { first, id }
  },
  function named(this: unknown, _first: unknown, id = 1) {
    return new Promise((resolve) => resolve(id))
  },
]

/**
 * Calls a wrapper around eight functions of different shape. A wrapper that only ever saw one function is compiled for that one,
 * and measures faster than it is in a program.
 */
export const feedShapes = async (wrap: (fn: AnyFunction) => AnyFunction, first: unknown, calls = 2_000) => {
  for (const fn of functionShapes().map(wrap)) {
    for (let id = 0; id < calls; id++) await fn(first as never, id as never)
  }
}
