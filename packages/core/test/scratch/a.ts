import { withQueryTracking, withStreamTracking, type Session } from '../../src/index.ts'
declare const session: Session
export class Repo<T> {
  one = withQueryTracking(async (s: Session, id: number): Promise<T> => (await s.query<any>('x', [id])).rows[0], { operation: 'a' })
  many = withQueryTracking(async (s: Session, id: number): Promise<T[]> => (await s.query<any>('x', [id])).rows, { operation: 'a' })
  stream = withStreamTracking((s: Session): AsyncIterable<T> => s.stream<T>('x'), { operation: 'a' })
  async use() {
    const row: T = await this.one(session, 1)
    const rows: T[] = await this.many(session, 1)
    for await (const r of this.stream(session)) { const x: T = r; void x }
    return [row, rows]
  }
}
export function helper<F extends (s: Session, ...rest: never[]) => Promise<unknown>>(fn: F, operation: string) {
  return withQueryTracking(fn, { operation })
}
export const x = helper(async (s, id: number) => (await s.query<{ a: 1 }>('', [id])).rows, 'x')
export const y: Promise<{ a: 1 }[]> = x(session, 1)
export function helper2<A extends unknown[], R>(fn: (s: Session, ...rest: A) => Promise<R>, operation: string) {
  return withQueryTracking(fn, { operation })
}
export const z: Promise<number> = helper2(async (s: Session, id: number) => (void s, id), 'x')(session, 1)
export function helper3<R>(fn: (s: Session) => Promise<R>): (s: Session) => Promise<R> {
  return withQueryTracking(fn, { operation: 'x' })
}
