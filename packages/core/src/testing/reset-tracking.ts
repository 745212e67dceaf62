import { kernel } from '../kernel.ts'

/**
 * Sets the process-wide tracker back to its beginning: no observers, default options, nothing counted. What is wrapped stays
 * wrapped. For tests; a tracker of one's own is simply made anew.
 */
export const resetTracking = (): void => kernel().tracker.reset()
