import type { Pool } from 'pg'
import { givesNativePromises, neverSendsAgain, startsAtTheCall } from '../src/laws/l01-runs-once.ts'
import {
  givesTheResult,
  neverRunsWorkAgain,
  refusesTransactionControl,
  resolvesAfterCommit,
} from '../src/laws/l02-resolved-means-committed.ts'
import { blamesNoUndoneError, rejectsSilentRollback, rejectsSilentSavepoint } from '../src/laws/l03-silent-rollback.ts'
import {
  failingRollbackChangesNothing,
  rejectsWithTheThrownValue,
  rollsBackWhatThrew,
} from '../src/laws/l04-same-error.ts'
import {
  cancelsOnTheServer,
  destroysAfterFailedRollback,
  discardsOnRequest,
  refusesAbortedSignal,
} from '../src/laws/l05-unknown-state.ts'
import { refusedCommitIsTheEnd, sendsNoRollbackAfterRefusedCommit } from '../src/laws/l06-refused-commit.ts'
import { lostAfterCommit, lostInCommit } from '../src/laws/l07-lost-during-commit.ts'
import { closesOnLoss, recoversFromLoss, swallowedLossRejects } from '../src/laws/l08-lost-connection.ts'
import { lateStatementsGoNowhere, refusesLateUse } from '../src/laws/l09-late-use.ts'
import {
  innerRollbackTakesItsOwn,
  outerRollbackTakesAll,
  topLevelIsNeverNested,
} from '../src/laws/l10-nested-is-savepoint.ts'
import { outerGoesOn, releasesSavepoints } from '../src/laws/l11-savepoint-failure.ts'
import { beginsAsTold, optionsAreInBegin, refusesOtherOptions } from '../src/laws/l12-transaction-options.ts'
import { keepsCallOrder, refusesStatementsBesideAStream, siblingsOfAFailureFail } from '../src/laws/l13-call-order.ts'
import { failureOfAStatementNobodyAwaited, savepointWaitsForAll, waitsForAll } from '../src/laws/l14-waits-for-all.ts'
import { neverBegan, waitIsApart } from '../src/laws/l15-pool-wait.ts'
import { leavesNoTransactionOpen, leavesNothing, survivesLossWhileIdle } from '../src/laws/l16-nothing-is-left.ts'
import { keepsTheConnectionsState, keepsTheUsersObjects } from '../src/laws/l17-changes-nothing.ts'
import {
  countsAreTheServers,
  givesTheLastStatement,
  rowsAreTheDriversOwn,
  streamsEveryRowOnce,
} from '../src/laws/l18-results-untouched.ts'
import type { SessionLaw } from '../src/session-law.ts'
import { type BrokenSession, brokenSessions } from './broken-sessions.ts'
import type { DriverFault } from './driver-fault.ts'
import type { Deviation } from './reference-harness.ts'

export interface BrokenAdapter extends Deviation {
  /** What it does wrong, as in "an adapter that …". */
  readonly title: string
}

const fault = (title: DriverFault): BrokenAdapter => ({ title, fault: title })
const session = (title: BrokenSession): BrokenAdapter => ({ title, change: brokenSessions[title] })
const pool = (title: string, touch: (pool: Pool) => void): BrokenAdapter => ({ title, touch })

/** For each law the adapters that break it. */
export const brokenAdapters: readonly (readonly [SessionLaw, readonly BrokenAdapter[]])[] = [
  [startsAtTheCall, [session('starts when it is awaited'), fault('sends twice')]],
  [givesNativePromises, [session('returns a subclass of Promise')]],
  [neverSendsAgain, [fault('sends again after an error')]],
  [resolvesAfterCommit, [fault('commits without waiting')]],
  [givesTheResult, [session('copies the result'), session('runs work twice')]],
  [neverRunsWorkAgain, [session('runs work again after a conflict')]],
  [refusesTransactionControl, [session('lets transaction control pass')]],
  [rejectsSilentRollback, [fault('ignores the tag of COMMIT'), session('names the last error as the cause')]],
  [rejectsSilentSavepoint, [session('commits a savepoint that swallowed an error')]],
  [blamesNoUndoneError, [session('names the first error of all as the cause')]],
  [rejectsWithTheThrownValue, [session('wraps what work threw')]],
  [rollsBackWhatThrew, [session('commits what threw')]],
  [failingRollbackChangesNothing, [fault('throws what ROLLBACK threw')]],
  [destroysAfterFailedRollback, [fault('keeps a connection whose ROLLBACK failed')]],
  [discardsOnRequest, [fault('ignores discard')]],
  [cancelsOnTheServer, [fault('ignores cancel')]],
  [refusesAbortedSignal, [session('sends what was aborted before')]],
  [refusedCommitIsTheEnd, [fault('resolves a refused COMMIT')]],
  [
    sendsNoRollbackAfterRefusedCommit,
    [fault('rolls back after a refused COMMIT'), fault('destroys a connection after a refused COMMIT')],
  ],
  [lostAfterCommit, [fault('calls a lost COMMIT rolled back'), fault('calls a lost COMMIT committed')]],
  [lostInCommit, [fault('calls a lost COMMIT rolled back'), fault('calls a lost COMMIT committed')]],
  [closesOnLoss, [session('runs late statements elsewhere')]],
  [swallowedLossRejects, [session('resolves what lost its connection')]],
  [recoversFromLoss, [fault('keeps a client whose connection was lost')]],
  [refusesLateUse, [session('resolves late statements')]],
  [lateStatementsGoNowhere, [session('runs late statements elsewhere')]],
  [outerRollbackTakesAll, [session('nests on another connection')]],
  [innerRollbackTakesItsOwn, [session('joins the outer transaction'), fault('swallows savepoints')]],
  [topLevelIsNeverNested, [fault('takes one connection for all transactions')]],
  [outerGoesOn, [fault('swallows ROLLBACK TO')]],
  [releasesSavepoints, [fault('swallows RELEASE')]],
  [beginsAsTold, [fault('ignores transaction options')]],
  [optionsAreInBegin, [fault('sets options after BEGIN')]],
  [refusesOtherOptions, [session('takes a connection before it checks the options')]],
  [keepsCallOrder, [fault('runs statements out of order')]],
  [siblingsOfAFailureFail, [fault('runs what follows an error elsewhere')]],
  [refusesStatementsBesideAStream, [session('runs statements beside a stream elsewhere')]],
  [waitsForAll, [session('starts statements a little later')]],
  [savepointWaitsForAll, [session('undoes nothing of what came late')]],
  [failureOfAStatementNobodyAwaited, [session('starts statements a little later')]],
  [waitIsApart, [fault('says connected before it is'), fault('counts execution as waiting')]],
  [neverBegan, [fault('works without BEGIN')]],
  [
    leavesNothing,
    [
      fault('keeps a listener'),
      fault('keeps a client after an early end'),
      pool('adds a listener to the pool', (pool) => void pool.on('error', () => {})),
    ],
  ],
  [leavesNoTransactionOpen, [fault('returns a client in its transaction')]],
  [survivesLossWhileIdle, [fault('has no error listener')]],
  [keepsTheConnectionsState, [fault('resets the connection'), fault('changes a setting')]],
  [keepsTheUsersObjects, [fault('changes a parser'), pool('ends the pool', (pool) => void pool.end())]],
  [rowsAreTheDriversOwn, [fault('freezes rows')]],
  [countsAreTheServers, [fault('guesses the row count')]],
  [givesTheLastStatement, [fault('gives the first result'), fault('ignores singleStatement')]],
  [streamsEveryRowOnce, [fault('repeats rows')]],
]
