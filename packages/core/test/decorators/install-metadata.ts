type Metadata = Map<unknown, unknown>

const byTarget = new WeakMap<object, Metadata>()
const byProperty = new WeakMap<object, Map<unknown, Metadata>>()

const within = <Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value => {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

const metadataOf = (target: object, property: unknown): Metadata =>
  property === undefined
    ? within(byTarget, target, () => new Map())
    : within(
        within(byProperty, target, () => new Map()),
        property,
        () => new Map(),
      )

/** As much of `reflect-metadata` as NestJS's decorators and the compiler's emitDecoratorMetadata ask for, stored where that stores it. */
export const metadata = {
  defineMetadata(key: unknown, value: unknown, target: object, property?: unknown): void {
    metadataOf(target, property).set(key, value)
  },
  getOwnMetadata: (key: unknown, target: object, property?: unknown): unknown => metadataOf(target, property).get(key),
  getOwnMetadataKeys: (target: object, property?: unknown): unknown[] => [...metadataOf(target, property).keys()],
  metadata: (key: unknown, value: unknown) => (target: object, property?: unknown) =>
    metadata.defineMetadata(key, value, target, property),
}

Object.assign(Reflect, metadata)
