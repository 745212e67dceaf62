const ownToEveryFunction = new Set<PropertyKey>(['name', 'length', 'prototype', 'arguments', 'caller'])

/** Gives a wrapper the name, length and own properties of what it wraps; frameworks and stack traces read them. */
export const keepIdentity = <Wrapper extends (...args: never[]) => unknown>(
  wrapper: Wrapper,
  wrapped: (...args: never[]) => unknown,
): Wrapper => {
  if (wrapper.name !== wrapped.name) {
    Object.defineProperty(wrapper, 'name', { value: wrapped.name, configurable: true })
  }
  if (wrapper.length !== wrapped.length) {
    Object.defineProperty(wrapper, 'length', { value: wrapped.length, configurable: true })
  }
  const keys = Reflect.ownKeys(wrapped)
  // The name and length of an arrow or async function: nothing to copy.
  if (keys.length <= 2) return wrapper
  for (const key of keys) {
    if (ownToEveryFunction.has(key)) continue
    Object.defineProperty(wrapper, key, Object.getOwnPropertyDescriptor(wrapped, key) as PropertyDescriptor)
  }
  return wrapper
}
