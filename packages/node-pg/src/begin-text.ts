import { createTallyError, type TransactionOptions } from '@pgtally/core/adapter'

const levels: { readonly [level: string]: string } = {
  'read committed': 'READ COMMITTED',
  'repeatable read': 'REPEATABLE READ',
  serializable: 'SERIALIZABLE',
}

/**
 * BEGIN with what was asked for and nothing else, so that the server's defaults stay.
 *
 * @throws PGTALLY_INVALID_OPTION for anything but the known values: it becomes part of the text
 */
export const beginText = ({ isolationLevel, readOnly, deferrable }: TransactionOptions): string => {
  if (isolationLevel !== undefined && !Object.hasOwn(levels, isolationLevel)) {
    throw invalid(`isolationLevel: one of ${Object.keys(levels).join(', ')} is needed.`)
  }
  if (readOnly !== undefined && typeof readOnly !== 'boolean') throw invalid('readOnly: true or false is needed.')
  if (deferrable !== undefined && typeof deferrable !== 'boolean') throw invalid('deferrable: true or false is needed.')
  const words = ['BEGIN']
  if (isolationLevel !== undefined) words.push(`ISOLATION LEVEL ${levels[isolationLevel]}`)
  if (readOnly !== undefined) words.push(readOnly ? 'READ ONLY' : 'READ WRITE')
  if (deferrable !== undefined) words.push(deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE')
  return words.join(' ')
}

const invalid = (message: string) => createTallyError('PGTALLY_INVALID_OPTION', message)
