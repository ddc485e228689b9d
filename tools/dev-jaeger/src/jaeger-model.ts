/** The shapes of Jaeger's query API, as its page and other programs read them. */
export interface Tag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  /** An int64 beyond what JSON numbers hold exactly is a string, `binary` is base64. */
  readonly value: string | number | boolean;
}

export interface Reference {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  readonly traceID: string;
  readonly spanID: string;
}

export interface Log {
  /** Microseconds since 1970. */
  readonly timestamp: number;
  readonly fields: readonly Tag[];
}

export interface Process {
  readonly serviceName: string;
  readonly tags: readonly Tag[];
}

export interface Span {
  /** 32 hex digits. */
  readonly traceID: string;
  /** 16 hex digits. */
  readonly spanID: string;
  readonly operationName: string;
  /** The parent first, then the links. */
  readonly references: readonly Reference[];
  /** Microseconds since 1970. */
  readonly startTime: number;
  /** Microseconds. */
  readonly duration: number;
  readonly tags: readonly Tag[];
  readonly logs: readonly Log[];
  readonly process: Process;
}

export const parentOf = (span: Span): string | undefined =>
  span.references.find(({ refType, traceID }) => refType === 'CHILD_OF' && traceID === span.traceID)?.spanID;

export const isFailed = (span: Span): boolean => span.tags.some(({ key, value }) => key === 'error' && value === true);
