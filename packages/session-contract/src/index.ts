export { boundHarness } from './bound-harness.ts'
export { checkLaw } from './check-law.ts'
export { type ContractOptions, describeSessionContract } from './describe-session-contract.ts'
export {
  type FaultProxy,
  type ProxyDirection,
  type ProxyFaults,
  type ProxyTarget,
  startFaultProxy,
} from './fault-proxy.ts'
export type { LawBench } from './law-bench.ts'
export type { HarnessDatabase, HarnessOptions, OpenHarness, SessionHarness } from './session-harness.ts'
export type { LawNumber, SessionLaw } from './session-law.ts'
export { sessionLaws } from './session-laws.ts'
export { type WatchablePool, type WatchedPool, watchPgPool } from './watch-pg-pool.ts'
