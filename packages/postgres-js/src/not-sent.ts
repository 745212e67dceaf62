/** What a statement rejects with that was taken back before the server saw it. */
export const notSent = (): Error => new DOMException('The statement was cancelled before it was sent.', 'AbortError')
