import { metadata } from './install-metadata.ts'

type Method = (this: unknown, ...args: unknown[]) => unknown

/** A decorator of another library, for both protocols. */
const decorate =
  (replace: (method: Method) => Method) =>
  (target: unknown, _context: unknown, descriptor?: { value?: unknown }): never => {
    if (descriptor === undefined) return replace(target as Method) as never
    descriptor.value = replace(descriptor.value as Method)
    return descriptor as never
  }

/** As NestJS's SetMetadata: says something about the very function it finds. */
export const SetMetadata = (key: string, value: string) =>
  decorate((method) => {
    metadata.defineMetadata(key, value, method)
    return method
  })

export const ownSymbol = Symbol('own')

/** Says it in a property of the function. */
export const Mark = (value: string) => decorate((method) => Object.assign(method, { [ownSymbol]: value }))

export const log: string[] = []

export const Log = (name: string) =>
  decorate((method) =>
    Object.defineProperty(
      async function (this: unknown, ...args: unknown[]) {
        log.push(`${name} before`)
        try {
          return await method.apply(this, args)
        } finally {
          log.push(`${name} after`)
        }
      },
      'name',
      { value: method.name },
    ),
  )
