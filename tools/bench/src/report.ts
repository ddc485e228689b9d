/** One measured value. Programs find it by the first three. */
export interface Row {
  readonly case: string;
  /** What was measured: ours, or a rival. */
  readonly subject: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
}

/** What a benchmark gives back. */
export interface Report {
  readonly rows: readonly Row[];
  /** Printed below the table: what the figures leave out, which rival is missing and why. */
  readonly notes?: readonly string[];
  /** Pictures by name, written as `NAME-<key>.svg` beside the figures. */
  readonly plots?: Readonly<Record<string, string>>;
}

/** `say` shows progress, a line at a time. `quick` asks for a short run: the same rows, less exact. */
export interface BenchOptions {
  readonly say: (line: string) => void;
  readonly quick: boolean;
}

export type Bench = (options: BenchOptions) => Promise<Report>;
