/** Marks text for a terminal, or leaves it as it is. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

const style = (enabled: boolean, on: number, off: number) => (text: string) =>
  enabled && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text

export const createPaint = (enabled: boolean): Paint => ({
  bold: style(enabled, 1, 22),
  dim: style(enabled, 2, 22),
  red: style(enabled, 31, 39),
  yellow: style(enabled, 33, 39),
  cyan: style(enabled, 36, 39),
})

/** Colours are for terminals that can show them, and for people who did not decline them (https://no-color.org). */
export const wantsColour = (isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean =>
  isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb'
