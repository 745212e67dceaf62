import { setTimeout as delay } from 'node:timers/promises'

export interface PaymentProvider {
  /** @throws PaymentDeclinedError when the customer's bank says no */
  charge(customerId: number, amountCents: number): Promise<void>
}

export class PaymentDeclinedError extends Error {
  override readonly name = 'PaymentDeclinedError'
}

export const isPaymentDeclined = (error: unknown): boolean => error instanceof PaymentDeclinedError

/** Stands in for a provider on the other side of the internet: it takes its time, and one payment in twelve is declined. */
export const createPaymentStandIn = (random: () => number): PaymentProvider => ({
  async charge() {
    await delay(150 + random() * 300)
    if (random() < 1 / 12) throw new PaymentDeclinedError('The payment was declined')
  },
})
