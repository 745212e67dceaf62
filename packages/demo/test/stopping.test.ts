import { describe, expect, it } from 'vitest'
import { startDemo, startDemoAsNpmDoes } from './demo-process.ts'

describe('stopping the demo', () => {
  it('ends at a second signal, without its report, and the server goes with it', async () => {
    const demo = await startDemo('--seconds', '600')
    await demo.printed(/load begin/)
    demo.kill('SIGINT')
    await demo.printed(/Stopping/)
    demo.kill('SIGTERM')
    const { code, stdout } = await demo.ended
    expect(code).toBe(130)
    expect(stdout).not.toContain('What is slow')
    await demo.leftNothing()
  })

  it('takes a signal that arrives twice at once for the same keystroke', async () => {
    const demo = await startDemo('--seconds', '600')
    await demo.printed(/load begin/)
    demo.kill('SIGINT')
    await demo.printed(/Stopping/)
    demo.kill('SIGINT')
    const { code, stdout } = await demo.ended
    expect(code).toBe(130)
    expect(stdout).toContain('What is slow')
    await demo.leftNothing()
  })

  it('stops when the shell that npm started is ended', async () => {
    const demo = await startDemoAsNpmDoes('--seconds', '600')
    await demo.printed(/load begin/)
    demo.kill('SIGTERM')
    expect((await demo.ended).stdout).toContain('What is slow')
    await demo.leftNothing()
  })

  it('stops while it fills the tables', async () => {
    const demo = await startDemo('--orders', '20000000')
    await demo.printed(/Creating 20,000,000 orders/)
    demo.kill('SIGTERM')
    const { code, stdout, stderr } = await demo.ended
    expect(code).toBe(143)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/Stopped before the load began\n$/)
    await demo.leftNothing()
  })

  it('ends quietly when nobody reads its output any more', async () => {
    const demo = await startDemo('--seconds', '600')
    await demo.printed(/load begin/)
    demo.closeOutput()
    const { code, stderr } = await demo.ended
    expect(code).toBe(0)
    expect(stderr).toMatch(/load begin, 8 at a time\n$/)
    await demo.leftNothing()
  })
})
