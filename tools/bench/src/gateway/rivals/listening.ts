/** What a rival says over IPC when it takes requests. */
export interface Listening {
  readonly kind: 'listening';
  readonly port: number;
}

/** Tells the benchmark, and ends with it. */
export function listening(url: string): void {
  process.on('disconnect', () => process.exit());
  process.send?.({ kind: 'listening', port: Number(new URL(url).port) } satisfies Listening);
}
