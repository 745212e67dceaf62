import { describe, expect, it } from 'vitest'
import { startLiveView } from './live-view.ts'

const screenOf = (rows: number) => {
  const written: string[] = []
  return { written, screen: { columns: () => 80, rows: () => rows, write: (text: string) => void written.push(text) } }
}

describe('startLiveView', () => {
  it('draws over what it drew before, and gives the cursor back at the end', () => {
    const { written, screen } = screenOf(24)
    const view = startLiveView(screen, (width) => ['status', `width ${width}`])
    view.redraw()
    view.end()
    expect(written[0]).toBe('\u001b[?25l')
    expect(written[1]).toBe('\rstatus\u001b[K\nwidth 79\u001b[K\n\u001b[J')
    expect(written[2]).toContain('\u001b[2A\rstatus')
    expect(written.at(-1)).toBe('\u001b[?25h')
  })

  it('never draws more lines than the screen has, until the end', () => {
    const { written, screen } = screenOf(4)
    const view = startLiveView(screen, () => ['1', '2', '3', '4', '5'])
    expect(written[1]).not.toContain('4')
    view.end()
    expect(written.at(-2)).toContain('5')
  })

  it('makes room for a note above', () => {
    const { written, screen } = screenOf(24)
    const view = startLiveView(screen, () => ['status'])
    view.interrupt(() => screen.write('a note\n'))
    view.end()
    expect(written.slice(2, 5)).toEqual(['\u001b[1A\r\u001b[J', 'a note\n', '\rstatus\u001b[K\n\u001b[J'])
  })
})
