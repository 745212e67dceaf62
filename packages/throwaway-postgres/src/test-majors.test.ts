import { afterEach, expect, it, vi } from 'vitest'
import { testMajors } from './test-majors.ts'

afterEach(() => void vi.unstubAllEnvs())

it('is 18 unless the environment says otherwise', () => {
  vi.stubEnv('PGTALLY_TEST_MAJORS', undefined)
  expect(testMajors()).toEqual([18])
  vi.stubEnv('PGTALLY_TEST_MAJORS', '15, 18')
  expect(testMajors()).toEqual([15, 18])
})

it.each(['14', '18,', 'all'])('refuses %o', (list) => {
  vi.stubEnv('PGTALLY_TEST_MAJORS', list)
  expect(testMajors).toThrow(expect.objectContaining({ code: 'PGTALLY_INVALID_OPTION' }))
})
