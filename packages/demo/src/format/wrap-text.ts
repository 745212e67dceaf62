/** Lines of at most `width` characters, broken at spaces; numbers stay with their units. */
export const wrapText = (text: string, width: number): string[] => {
  const words = text
    .replace(/(\d) (ms|s|%)(?!\w)/g, '$1\u00a0$2')
    .replace(/([<>]) (\d)/g, '$1\u00a0$2')
    .split(' ')
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => line.replaceAll('\u00a0', ' '))
}
