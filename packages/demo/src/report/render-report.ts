import { wrapText } from '../format/wrap-text.ts'
import type { Paint } from '../table/paint.ts'
import type { ReportSection } from './build-report.ts'

/** Lines of at most `width` characters. */
export const renderReport = (sections: readonly ReportSection[], width: number, paint: Paint): string[] =>
  sections.flatMap(({ title, findings, remark }) => [
    '',
    paint.bold(title),
    ...findings.flatMap(({ operation, sentence }) => [
      `  ${paint.cyan(operation)}`,
      ...wrapText(sentence, width - 4).map((line) => `    ${line}`),
    ]),
    ...(remark === undefined ? [] : wrapText(remark, width - 2).map((line) => `  ${line}`)),
  ])
