/**
 * Upper bounds in seconds, inclusive, that every tally counts exactly, so that any subset of them can be exported as the
 * boundaries of a histogram. They contain the defaults of the query and transaction durations and those of OpenTelemetry's
 * `db.client.operation.duration`.
 */
export const durationBoundsSeconds: readonly number[] = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.0025, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.02,
  0.025, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.4, 0.5, 0.75, 1, 1.5, 2, 2.5, 4, 5, 7.5, 10, 15, 20, 30, 45, 60,
  120, 300,
]
