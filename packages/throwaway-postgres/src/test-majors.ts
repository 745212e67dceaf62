import { checkMajor, type PostgresMajor } from './postgres-major.ts'

/**
 * The major versions that tests shall run on: those in PGTALLY_TEST_MAJORS (`15,18`), else 18 alone. Throws
 * `PGTALLY_INVALID_OPTION` when one of them is unknown.
 */
export function testMajors(): readonly PostgresMajor[] {
  const list = process.env.PGTALLY_TEST_MAJORS || '18'
  return list.split(',').map((major) => checkMajor(Number(major), 'PGTALLY_TEST_MAJORS'))
}
