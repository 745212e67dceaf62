/** The loop of every row, the same one for all: calls one after the other, each awaited. */
export const awaitCalls = async (
  call: (first: never, id: never) => Promise<unknown>,
  first: unknown,
  calls: number,
): Promise<void> => {
  for (let id = 0; id < calls; id++) await call(first as never, id as never)
}
