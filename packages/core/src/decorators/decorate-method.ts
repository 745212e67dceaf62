type Method = (...args: never[]) => unknown

/**
 * Replaces a method by a wrapped one, in both decorator protocols: the TC39 form is called with the method and a context, the legacy
 * form (TypeScript's experimentalDecorators, NestJS) with the prototype, the name and the property descriptor.
 */
export const decorateMethod =
  (wrap: (method: Method) => Method) =>
  (target: unknown, _context: unknown, descriptor?: TypedPropertyDescriptor<Method>): unknown => {
    if (descriptor === undefined) return wrap(target as Method)
    descriptor.value = wrap(descriptor.value as Method)
    return descriptor
  }
