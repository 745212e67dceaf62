export { TrackQuery, type TrackQueryDecorator } from './decorators/track-query.ts'
export { TrackTransaction, type TrackTransactionDecorator } from './decorators/track-transaction.ts'
