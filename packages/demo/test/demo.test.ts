import { describe, expect, it } from 'vitest'
import { startDemo } from './demo-process.ts'

describe('the demo on a throw-away server', () => {
  it('meets every kind of trouble, and after Ctrl-C tells of it and leaves nothing behind', async () => {
    const demo = await startDemo('--seconds', '600', '--seed', '7')
    await demo.printed(/^(?=.*deadlock)(?=.*serialization_failure)(?=.* [1-9]\d* expected errors).*$/m)
    demo.kill('SIGINT')
    const { code, stdout, stderr } = await demo.ended

    expect(code).toBe(130)
    expect(stderr).toContain('--seed 7 repeats this run')
    const section = (title: string) => stdout.split(`\n${title}\n`)[1]?.split('\n\n')[0]?.replace(/\s+/g, ' ')
    expect(section('What is slow')).toMatch(/ transfer_stock Slow .* 500 ms or longer/)
    expect(section('What fails, and why')).toMatch(/ transfer_stock .* were rolled back by deadlock/)
    expect(section('What fails, and why')).toMatch(/ receive_delivery .* were rolled back by serialization_failure/)
    expect(section('What fails, and why')).toMatch(/ sign_up .* ended in unique_violation, as expectedErrors/)
    expect(section('Transactions that sat idle')).toMatch(/ check_out Open with no statement .* after reserve_stock/)
    expect(section('Too many statements')).toMatch(/ show_category 26 statements in every call/)
    expect(section('Who waited for a connection')).toMatch(/ waited a millisecond or more for a connection: /)
    expect(stdout).not.toContain('\u001b')
    await demo.leftNothing()
  })

  it('ends by itself with exit code 0, and every call it began is in the table', async () => {
    const demo = await startDemo('--seconds', '0.5')
    const { code, stdout, stderr } = await demo.ended
    expect(code, stderr).toBe(0)
    for (const operation of [
      'find_customer',
      'list_orders',
      'monthly_revenue',
      'sign_up',
      'transfer_stock',
      'receive_delivery',
      'check_out',
      'show_category',
    ]) {
      expect(stdout).toMatch(new RegExp(`^${operation} +\\d`, 'm'))
    }
    for (const line of stdout.split('\n').filter((line) => !/^\d.* calls /.test(line))) {
      expect(line.length).toBeLessThanOrEqual(80)
    }
    await demo.leftNothing()
  })

  it('prints the same report over postgres.js', async () => {
    const demo = await startDemo('--seconds', '0.5', '--driver', 'postgres-js')
    const { code, stdout, stderr } = await demo.ended
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^show_category +\d/m)
    expect(stdout).toContain('\nToo many statements\n')
    await demo.leftNothing()
  })

  it('prints the same report over PGlite', async () => {
    const demo = await startDemo('--seconds', '0.5', '--driver', 'pglite')
    const { code, stdout, stderr } = await demo.ended
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^show_category +\d/m)
    expect(stdout).toContain('\nToo many statements\n')
    await demo.leftNothing()
  })

  it('says what is wrong with an option, and ends with exit code 2', async () => {
    const demo = await startDemo('--seconds', 'soon')
    expect(await demo.ended).toEqual({
      code: 2,
      stdout: '',
      stderr: '--seconds must be a number above 0 and up to 86400; it is "soon"\n',
    })
    await demo.leftNothing()
  })
})
