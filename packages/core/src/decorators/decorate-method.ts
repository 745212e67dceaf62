import { copyMetadata } from './copy-metadata.ts'

type Method = (...args: never[]) => unknown

/**
 * Replaces a method by a wrapped one, in both decorator protocols: the TC39 form is called with the method and a context, the legacy
 * form (TypeScript's experimentalDecorators, NestJS) with the prototype or class, the name and the property descriptor.
 */
export const decorateMethod = (wrap: (method: Method) => Method) => {
  const replace = (method: Method): Method => {
    const wrapped = wrap(method)
    copyMetadata(method, wrapped)
    return wrapped
  }
  return (target: unknown, context: unknown, descriptor?: TypedPropertyDescriptor<Method>): unknown => {
    if (typeof context === 'object') return replace(target as Method)
    const value = replace(descriptor?.value as Method)
    return { ...descriptor, value }
  }
}
