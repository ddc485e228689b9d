/** Milliseconds of the machine's monotonic clock: the same in every process on it. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;
