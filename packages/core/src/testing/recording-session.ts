import { kernel } from '../kernel.ts'
import type { Session, SessionCapabilities } from '../session/session.ts'
import { createRecordingDriver, type RecordedStep } from './recording-driver.ts'
import { createScript, type Script } from './script.ts'

export interface RecordingSession {
  /** Hand this one to the code under test. */
  readonly session: Session
  /** What was sent, in order, as plain data. */
  readonly steps: readonly RecordedStep[]
  /**
   * Scripts the answer to texts that contain a string or match an expression; later scripts are asked first. Transaction control
   * can be scripted too: `begin`, `commit`, `rollback`, `savepoint pgtally_1`. Unscripted texts are answered by no rows.
   */
  readonly when: Script['when']
}

/** A Session without a database: it records what it is sent and answers what it was told to. */
export const createRecordingSession = (
  options: { readonly capabilities?: Partial<SessionCapabilities> } = {},
): RecordingSession => {
  const steps: RecordedStep[] = []
  const script = createScript()
  const capabilities = { concurrentTransactions: true, statementTimeout: false, cancel: true, poolWait: false }
  const driver = createRecordingDriver({ ...capabilities, ...options.capabilities }, steps, script)
  return { session: kernel().createSession(driver), steps, when: script.when }
}
