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
  /** Anything else, by the end of its name, written as `NAME-<key>`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What the command line asks for. */
export interface BenchOptions {
  /** Shows progress, a line at a time. */
  readonly say: (line: string) => void;
  /** A short run: the same rows, less exact. */
  readonly quick: boolean;
  /** Names of the subjects to measure, where a benchmark lets them be chosen; all of them unless given. */
  readonly only?: readonly string[] | undefined;
  /** Also take a CPU profile of what is ours, where a benchmark can. */
  readonly profile?: boolean;
}

export type Bench = (options: BenchOptions) => Promise<Report>;
