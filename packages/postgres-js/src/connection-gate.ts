import { notSent } from './not-sent.ts'

/** A connection's worth of use. */
export interface Place {
  /** Idempotent. */
  leave(): void
}

export interface Admission {
  /** Rejects only where it was given up. */
  readonly arrived: Promise<Place>
  giveUp(): void
}

/**
 * Hands postgres.js no more at a time than it has connections. What it is handed beyond that it writes to connections that are
 * busy, where nothing can be taken back any more: a cancelled statement would take its neighbour's answer, and a BEGIN could
 * land on a connection that the transaction does not get.
 */
export interface ConnectionGate {
  enter(): Admission
  /** Lets nobody in before `until` has settled. It must not reject. */
  hold(until: Promise<unknown>): void
  readonly limit: number
  /** How many are inside. */
  readonly used: number
  readonly pending: number
}

export const createConnectionGate = (limit: number): ConnectionGate => {
  const waiting: (() => void)[] = []
  let used = 0
  let holds = 0

  const createPlace = (): Place => {
    let left = false
    return {
      leave() {
        if (left) return
        left = true
        used -= 1
        admit()
      },
    }
  }
  const admit = () => {
    while (holds === 0 && used < limit && waiting.length > 0) {
      used += 1
      waiting.shift()?.()
    }
  }

  return {
    enter() {
      let giveUp = () => {}
      const arrived = new Promise<Place>((resolve, reject) => {
        const come = () => resolve(createPlace())
        giveUp = () => {
          const at = waiting.indexOf(come)
          if (at === -1) return
          waiting.splice(at, 1)
          reject(notSent())
        }
        waiting.push(come)
        admit()
      })
      return { arrived, giveUp: () => giveUp() }
    },
    hold(until) {
      holds += 1
      until.then(() => {
        holds -= 1
        admit()
      })
    },
    limit,
    get used() {
      return used
    },
    get pending() {
      return waiting.length
    },
  }
}
