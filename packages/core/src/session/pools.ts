import type { DriverPool, PoolNumbers } from './session-driver.ts'

/** One pool's numbers under the one name that this pool object has. */
export interface NamedPool {
  readonly poolName: string
  read(): PoolNumbers
}

/** The pools whose numbers are published. A pool that the program has dropped drops out. */
export interface Pools {
  /** Publishes a pool's numbers; the first name that a pool object was given stays. */
  register(pool: DriverPool): void
  read(): NamedPool[]
}

interface Registered {
  readonly poolName: string
  readonly facts: WeakRef<DriverPool>
}

export const createPools = (): Pools => {
  const registered: Registered[] = []
  // Keeps the facts for exactly as long as the pool itself lives.
  const factsOfPool = new WeakMap<object, DriverPool>()

  const live = () => registered.filter(({ facts }) => facts.deref() !== undefined)

  const freeName = (name: string): string => {
    const taken = new Set(live().map(({ poolName }) => poolName))
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name} ${number}`
      if (!taken.has(candidate)) return candidate
    }
  }

  return {
    register(facts) {
      if (factsOfPool.has(facts.pool)) return
      factsOfPool.set(facts.pool, facts)
      const poolName = freeName(facts.name)
      registered.splice(0, registered.length, ...live(), { poolName, facts: new WeakRef(facts) })
    },
    read: () =>
      live().flatMap(({ poolName, facts }) => {
        const of = facts.deref()
        return of === undefined ? [] : [{ poolName, read: () => of.read() }]
      }),
  }
}
