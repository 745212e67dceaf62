/** Fewer than the load's steps at a time: somebody has to wait, and the report shows who. */
export const poolSize = 5
