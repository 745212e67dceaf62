const ownToEveryFunction = new Set<PropertyKey>(['name', 'length', 'prototype', 'arguments', 'caller'])

/** Gives a wrapper the name, length and own properties of what it wraps; frameworks and stack traces read them. */
export const keepIdentity = <Wrapper extends (...args: never[]) => unknown>(
  wrapper: Wrapper,
  wrapped: (...args: never[]) => unknown,
): Wrapper => {
  Object.defineProperty(wrapper, 'name', { value: wrapped.name, configurable: true })
  if (wrapper.length !== wrapped.length) {
    Object.defineProperty(wrapper, 'length', { value: wrapped.length, configurable: true })
  }
  for (const key of Reflect.ownKeys(wrapped)) {
    if (ownToEveryFunction.has(key)) continue
    Object.defineProperty(wrapper, key, Object.getOwnPropertyDescriptor(wrapped, key) as PropertyDescriptor)
  }
  return wrapper
}
