/** What the package `reflect-metadata`, which NestJS loads, adds to `Reflect`. */
interface MetadataReflect {
  getOwnMetadataKeys?(target: object): unknown[]
  getOwnMetadata?(key: unknown, target: object): unknown
  defineMetadata?(key: unknown, value: unknown, target: object): void
}

/**
 * Decorators such as NestJS's `@SetMetadata` and `@Get` keep their metadata in a map by function, so a wrapper would lose what those
 * beneath it said.
 */
export const copyMetadata = (from: object, to: object): void => {
  const reflect = Reflect as MetadataReflect
  for (const key of reflect.getOwnMetadataKeys?.(from) ?? []) {
    reflect.defineMetadata?.(key, reflect.getOwnMetadata?.(key, from), to)
  }
}
