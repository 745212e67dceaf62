import { givesNativePromises, neverSendsAgain, startsAtTheCall } from './laws/l01-runs-once.ts'
import {
  givesTheResult,
  neverRunsWorkAgain,
  refusesTransactionControl,
  resolvesAfterCommit,
} from './laws/l02-resolved-means-committed.ts'
import { blamesNoUndoneError, rejectsSilentRollback, rejectsSilentSavepoint } from './laws/l03-silent-rollback.ts'
import { failingRollbackChangesNothing, rejectsWithTheThrownValue, rollsBackWhatThrew } from './laws/l04-same-error.ts'
import {
  cancelsOnTheServer,
  destroysAfterFailedRollback,
  discardsOnRequest,
  refusesAbortedSignal,
} from './laws/l05-unknown-state.ts'
import { refusedCommitIsTheEnd, sendsNoRollbackAfterRefusedCommit } from './laws/l06-refused-commit.ts'
import { lostAfterCommit, lostInCommit } from './laws/l07-lost-during-commit.ts'
import { closesOnLoss, recoversFromLoss, swallowedLossRejects } from './laws/l08-lost-connection.ts'
import { lateStatementsGoNowhere, refusesLateUse } from './laws/l09-late-use.ts'
import {
  innerRollbackTakesItsOwn,
  outerRollbackTakesAll,
  topLevelIsNeverNested,
} from './laws/l10-nested-is-savepoint.ts'
import { outerGoesOn, releasesSavepoints } from './laws/l11-savepoint-failure.ts'
import { beginsAsTold, optionsAreInBegin, refusesOtherOptions } from './laws/l12-transaction-options.ts'
import { keepsCallOrder, refusesStatementsBesideAStream, siblingsOfAFailureFail } from './laws/l13-call-order.ts'
import { failureOfAStatementNobodyAwaited, savepointWaitsForAll, waitsForAll } from './laws/l14-waits-for-all.ts'
import { neverBegan, waitIsApart } from './laws/l15-pool-wait.ts'
import { leavesNoTransactionOpen, leavesNothing, survivesLossWhileIdle } from './laws/l16-nothing-is-left.ts'
import { keepsTheConnectionsState, keepsTheUsersObjects } from './laws/l17-changes-nothing.ts'
import {
  countsAreTheServers,
  givesTheLastStatement,
  rowsAreTheDriversOwn,
  streamsEveryRowOnce,
} from './laws/l18-results-untouched.ts'
import type { SessionLaw } from './session-law.ts'

/** All laws, in the order of their numbers. A number has several where it says several things. */
export const sessionLaws: readonly SessionLaw[] = [
  startsAtTheCall,
  givesNativePromises,
  neverSendsAgain,
  resolvesAfterCommit,
  givesTheResult,
  neverRunsWorkAgain,
  refusesTransactionControl,
  rejectsSilentRollback,
  rejectsSilentSavepoint,
  blamesNoUndoneError,
  rejectsWithTheThrownValue,
  rollsBackWhatThrew,
  failingRollbackChangesNothing,
  destroysAfterFailedRollback,
  discardsOnRequest,
  cancelsOnTheServer,
  refusesAbortedSignal,
  refusedCommitIsTheEnd,
  sendsNoRollbackAfterRefusedCommit,
  lostAfterCommit,
  lostInCommit,
  closesOnLoss,
  swallowedLossRejects,
  recoversFromLoss,
  refusesLateUse,
  lateStatementsGoNowhere,
  outerRollbackTakesAll,
  innerRollbackTakesItsOwn,
  topLevelIsNeverNested,
  outerGoesOn,
  releasesSavepoints,
  beginsAsTold,
  optionsAreInBegin,
  refusesOtherOptions,
  keepsCallOrder,
  siblingsOfAFailureFail,
  refusesStatementsBesideAStream,
  waitsForAll,
  savepointWaitsForAll,
  failureOfAStatementNobodyAwaited,
  waitIsApart,
  neverBegan,
  leavesNothing,
  leavesNoTransactionOpen,
  survivesLossWhileIdle,
  keepsTheConnectionsState,
  keepsTheUsersObjects,
  rowsAreTheDriversOwn,
  countsAreTheServers,
  givesTheLastStatement,
  streamsEveryRowOnce,
]
