import { TrackQuery } from '../../src/decorators.ts'
import { tracking } from '../../src/index.ts'
import { createRecordingObserver, createRecordingSession } from '../../src/testing.ts'
import { metadata } from './install-metadata.ts'
import { BaseService, OrderService } from './order-service.ts'
import { log, ownSymbol } from './other-decorators.ts'

/** Uses the decorated classes, and prints what was seen as JSON. */
const run = async () => {
  const observer = createRecordingObserver()
  tracking.observe(observer)
  const { session, steps } = createRecordingSession()
  const base = new BaseService('corner')
  const service = new OrderService('market')
  const { findOrder, between } = BaseService.prototype
  const failure = new Error('as it was')

  const found = await base.findOrder(session, 7)
  const foundByOwn = await service.findOrder(session, 8)
  await base.between()
  const facts = {
    found: found.slice(0, 3),
    sessionIsBound: found[3] !== session,
    foundByOwn: foundByOwn.slice(0, 4),
    calls: [base.calls, service.calls],
    counted: await BaseService.countOrders(1, 2),
    placed: await service.placeOrder(session, 9),
    sameError: await base.fail(failure).catch((error: unknown) => error === failure),
    steps: steps.map(({ kind, text }) => [kind, text]),
    names: [findOrder.name, findOrder.length, between.name],
    ownProperty: (findOrder as { [ownSymbol]?: unknown })[ownSymbol],
    metadata: metadata.getOwnMetadataKeys(findOrder).map((key) => [key, metadata.getOwnMetadata(key, findOrder)]),
    enumerable: Object.keys(BaseService.prototype),
    log,
    queries: observer.queries.map((event) => [event.operation, event.outcome, event.statementCount ?? 'absent']),
    transactions: observer.transactions.map((event) => [event.operation, event.outcome, event.statementCount]),
    refused: refusedOptions(),
    designTypes: Array.isArray(metadata.getOwnMetadata('design:paramtypes', BaseService.prototype, 'findOrder')),
  }
  process.stdout.write(JSON.stringify(facts))
}

const refusedOptions = (): unknown => {
  try {
    class Misnamed {
      @TrackQuery({ operation: 'no spaces' })
      async find(): Promise<void> {}
    }
    return Misnamed
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

void run()
