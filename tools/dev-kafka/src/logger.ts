/** The part of a pino logger that the broker uses. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const silent: Logger = { info: () => undefined, warn: () => undefined };

/** One JSON object per line with pino's members, so that this log reads like those of the services. */
export function jsonLines(write: (line: string) => void): Logger {
  const line = (level: number, fields: object, msg: string): void => {
    const showError = (_key: string, value: unknown): unknown => (value instanceof Error ? value.stack : value);
    write(JSON.stringify({ level, time: Date.now(), name: 'dev-kafka', ...fields, msg }, showError));
  };
  return {
    info: (fields, message) => line(30, fields, message),
    warn: (fields, message) => line(40, fields, message),
  };
}
