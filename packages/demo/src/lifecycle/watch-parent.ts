const lookMs = 200

/**
 * Under npm, calls `gone` when the shell that npm started has ended: npm hands SIGTERM to that shell, which ends without
 * handing it on. Started in any other way, a process may outlive its parent on purpose.
 */
export const watchParent = (gone: () => void): void => {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    gone()
  }, lookMs)
  timer.unref()
}
