import { describe, expect, it } from 'vitest'
import { wrapText } from './wrap-text.ts'

describe('wrapText', () => {
  it('breaks at spaces, within the width', () => {
    expect(wrapText('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  })

  it('keeps a number and its unit on one line', () => {
    expect(wrapText('it took 250 ms in all', 11)).toEqual(['it took', '250 ms in', 'all'])
    expect(wrapText('less: < 1 % of it', 8)).toEqual(['less:', '< 1 % of', 'it'])
  })

  it('leaves a word that is longer than the width in one piece', () => {
    expect(wrapText('a serialization_failure', 10)).toEqual(['a', 'serialization_failure'])
  })
})
