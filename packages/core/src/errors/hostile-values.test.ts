import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyError } from './classify-error.ts'
import { isConnectionFatal } from './connection-fatal.ts'
import { errorKinds } from './error-kind.ts'

const seed = Number(process.env.PGTALLY_FUZZ_SEED ?? Date.now() % 2 ** 31)

const throwing = (): never => {
  throw new Error('hostile')
}

const withGetter = (key: string, get: () => unknown): object =>
  Object.defineProperty({}, key, { get, enumerable: true })

const proxyWith = (handler: ProxyHandler<object>, target: object = {}): object => new Proxy(target, handler)

const revoked = (target: object = {}): object => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

const circular = (key: string): object => {
  const error: Record<string, unknown> = new Error('round') as never
  error[key] = key === 'errors' ? [error, error] : error
  return error
}

const chain = (length: number): Error => {
  let error = new Error('last')
  for (let index = 0; index < length; index += 1) error = new Error('next', { cause: error })
  return error
}

const endless = (): object =>
  proxyWith({ get: (_target, key) => (key === 'errors' ? [endless(), endless()] : endless()) })

const hostile: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'Connection terminated'],
  ['an empty string', ''],
  ['a number', 23_505],
  ['NaN', Number.NaN],
  ['a bigint', 23_505n],
  ['a boolean', false],
  ['a symbol', Symbol('23505')],
  ['a function', () => '23505'],
  ['a class', class Failure {}],
  ['an array', ['23505']],
  ['an object without prototype', Object.create(null)],
  ['a frozen error', Object.freeze(new Error('frozen'))],
  ['an array as a code', { code: ['23505'] }],
  ['a symbol as a code', { code: Symbol('23505') }],
  ['a String object as a code', { code: new String('23505') }],
  ['an object as a code', { code: { toString: throwing } }],
  ['a number as a code', { code: 23_505 }],
  ['an empty code', { code: '' }],
  ['a long code', { code: 'E'.repeat(1_000_000) }],
  ['__proto__ as a code', { code: '__proto__' }],
  ['constructor as a code', { code: 'constructor' }],
  ['a throwing code', withGetter('code', throwing)],
  ['a throwing name', withGetter('name', throwing)],
  ['a throwing message', withGetter('message', throwing)],
  ['a throwing cause', withGetter('cause', throwing)],
  ['a throwing errors', withGetter('errors', throwing)],
  [
    'a getter that throws undefined',
    withGetter('code', () => {
      throw undefined
    }),
  ],
  ['a symbol as message', { message: Symbol('Connection terminated') }],
  ['a message that cannot be a string', { message: { startsWith: throwing, toString: throwing } }],
  ['a proxy that throws on get', proxyWith({ get: throwing })],
  [
    'a proxy that throws on everything',
    proxyWith({ get: throwing, has: throwing, getPrototypeOf: throwing, ownKeys: throwing }),
  ],
  ['a revoked proxy', revoked()],
  ['a revoked proxy of a function', revoked(() => undefined)],
  ['a revoked proxy as cause', { cause: revoked() }],
  ['a revoked proxy of an array as errors', { errors: revoked([]) }],
  ['errors with a throwing element', { errors: Object.defineProperty([1], 0, { get: throwing }) }],
  ['errors with a throwing length', { errors: proxyWith({ get: throwing }, []) }],
  [
    'errors whose copy is made by a stranger',
    { errors: Object.assign([1], { constructor: { [Symbol.species]: throwing } }) },
  ],
  ['errors without end', { errors: new Array(4_000_000_000) }],
  ['a cause that is itself', circular('cause')],
  ['an aggregate that holds itself', circular('errors')],
  ['a closed transaction caused by itself', Object.assign(circular('cause'), { code: 'PGTALLY_TRANSACTION_CLOSED' })],
  ['a commit rolled back because of itself', Object.assign(circular('cause'), { code: 'PGTALLY_COMMIT_ROLLED_BACK' })],
  ['a long chain', chain(100_000)],
  ['a proxy that answers with proxies', endless()],
  ['a socket error with a hostile syscall', Object.assign(withGetter('syscall', throwing), { code: 'ECONNRESET' })],
  ['a severity that throws', Object.assign(withGetter('severity', throwing), { code: 'MY001' })],
]

describe('a hostile value', () => {
  it.each(hostile)('is classified, whatever is thrown: %s', (_name, value) => {
    const { kind, retryable } = classifyError(value)
    expect(errorKinds).toContain(kind)
    expect(typeof retryable).toBe('boolean')
    expect(typeof isConnectionFatal(value)).toBe('boolean')
  })

  it('without a word about a database is application', () => {
    for (const [name, value] of hostile.slice(0, 34))
      expect([name, classifyError(value).kind]).toEqual([name, 'application'])
  })

  it(`is classified the same twice, and nothing is thrown (seed ${seed})`, () => {
    const key = fc.constantFrom(
      'code',
      'message',
      'name',
      'cause',
      'errors',
      'original',
      'severity',
      'syscall',
      'routine',
    )
    const word = fc.constantFrom(
      '23505',
      '57P01',
      'EPIPE',
      'ECONNRESET',
      'AbortError',
      'connect',
      'FATAL',
      'Connection terminated',
      'PGTALLY_TRANSACTION_CLOSED',
      'PGTALLY_COMMIT_ROLLED_BACK',
      'MY001',
      20,
    )
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        word,
        fc.anything({
          withNullPrototype: true,
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSparseArray: true,
        }),
        fc.dictionary(key, tie('value')),
        fc.dictionary(key, tie('value')).map((fields) => Object.assign(new Error('generated'), fields)),
        fc.array(tie('value'), { maxLength: 4 }),
        key.map((name) => withGetter(name, throwing)),
      ),
    }))
    fc.assert(
      fc.property(value, (thrown) => {
        const first = classifyError(thrown)
        expect(errorKinds).toContain(first.kind)
        expect(classifyError(thrown)).toEqual(first)
        expect(isConnectionFatal(thrown)).toBe(isConnectionFatal(thrown))
      }),
      { seed, numRuns: 2_000 },
    )
  })
})
